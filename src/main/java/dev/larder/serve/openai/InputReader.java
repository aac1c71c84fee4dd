package dev.larder.serve.openai;

import dev.larder.serve.openai.Question.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads {@code input}: a text or a list of them; as an extension pictures, each as a data URL or as
 * {@code {"image_url": …}}. For one request.
 */
final class InputReader {
  /** OpenAI API reference, "Create embeddings": any array must be 2048 dimensions or less. */
  static final int MOST = 2048;

  private static final Pattern LONE_SURROGATE =
      Pattern.compile(
          "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]");

  private final JsonParser json;
  private final List<String> texts = new ArrayList<>();
  private final List<byte[]> images = new ArrayList<>();

  InputReader(JsonParser json) {
    this.json = json;
  }

  /** At its first token; stays at its last. Throws {@link BadParameter}. */
  Input read() {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        element();
      }
    } else {
      element();
    }
    if (texts.isEmpty() && images.isEmpty()) {
      throw wrong("it must not be an empty list");
    }
    if (!texts.isEmpty() && !images.isEmpty()) {
      throw wrong("it must be texts or images, not both in one request");
    }
    return images.isEmpty() ? new Input.Texts(texts) : new Input.Images(images);
  }

  private void element() {
    if (texts.size() + images.size() == MOST) {
      throw wrong("it must have " + MOST + " elements at most");
    }
    switch (json.currentToken()) {
      case VALUE_STRING -> add(json.getString());
      case START_OBJECT -> part();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, START_ARRAY ->
          throw wrong(
              "lists of token ids are not taken, since they mean something to one tokenizer only; send the texts");
      case null, default -> throw wrong("it must be a text or a list of texts");
    }
  }

  private void add(String text) {
    if (DataUrl.isOne(text)) {
      images.add(DataUrl.read(text));
    } else {
      addText(text);
    }
  }

  private void addText(String text) {
    if (text.isEmpty()) {
      throw wrong("a text must not be empty");
    }
    texts.add(whole(text));
  }

  /** Without half characters, which JSON can spell: tokenizers take UTF-8, which cannot. */
  private static String whole(String text) {
    return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        ? LONE_SURROGATE.matcher(text).replaceAll("\ufffd")
        : text;
  }

  /** As in messages to OpenAI's chat models. */
  private void part() {
    String image = null;
    String text = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "image_url" -> image = imageUrl();
        case "text" -> text = string("text");
        default -> json.skipChildren();
      }
    }
    if (image != null) {
      images.add(DataUrl.read(image));
    } else if (text != null) {
      addText(text);
    } else {
      throw wrong("an object in it must have 'image_url' or 'text'");
    }
  }

  private @Nullable String imageUrl() {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return string("image_url");
    }
    String url = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("url")) {
        url = string("image_url.url");
      } else {
        json.skipChildren();
      }
    }
    return url;
  }

  private String string(String what) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong("'" + what + "' must be a string");
    }
    return json.getString();
  }

  private static BadParameter wrong(String what) {
    return new BadParameter("input", "Wrong 'input': " + what + ".");
  }
}
