package dev.larder.serve.openai;

import dev.larder.content.InvalidName;
import dev.larder.serve.openai.Question.Format;
import dev.larder.serve.openai.Question.Input;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the body of {@code POST /v1/embeddings}. Fields that are not known are passed over, and one
 * that is null counts as left out. For one request.
 */
final class QuestionReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser json;
  private @Nullable String model;
  private @Nullable Input input;
  private Format format = Format.FLOAT;
  private OptionalInt dimensions = OptionalInt.empty();
  private Optional<String> prompt = Optional.empty();
  private Optional<String> user = Optional.empty();

  private QuestionReader(JsonParser json) {
    this.json = json;
  }

  /** Throws {@link BadParameter}. */
  static Question read(byte[] body) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
      return new QuestionReader(json).question();
    } catch (JacksonException e) {
      throw whole("it is not JSON that can be read: " + e.getOriginalMessage());
    }
  }

  private Question question() {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw whole("it must be a JSON object");
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        field(name);
      }
    }
    if (json.nextToken() != null) {
      throw whole("something follows its JSON object");
    }
    if (model == null || model.isEmpty()) {
      throw new BadParameter("model", "'model' is missing; name a model, as GET /v1/models does.");
    }
    if (input == null) {
      throw new BadParameter("input", "'input' is missing; it must be a text or a list of texts.");
    }
    return new Question(model, input, format, dimensions, prompt, user);
  }

  private void field(String name) {
    switch (name) {
      case "model" -> model = string(name);
      case "input" -> input = new InputReader(json).read();
      case "encoding_format" -> format = format(string(name));
      case "dimensions" -> dimensions = OptionalInt.of(positive(name));
      case "prompt_name" -> prompt = Optional.of(string(name));
      case "user" -> user = Optional.of(string(name)).filter(text -> !text.isEmpty());
      default -> json.skipChildren();
    }
  }

  private String string(String name) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadParameter(name, "'" + name + "' must be a string.");
    }
    return json.getString();
  }

  private static Format format(String text) {
    return switch (text) {
      case "float" -> Format.FLOAT;
      case "base64" -> Format.BASE64;
      default ->
          throw new BadParameter(
              "encoding_format",
              "'encoding_format' must be 'float' or 'base64', not '%s'."
                  .formatted(InvalidName.quoted(text, 40)));
    };
  }

  private int positive(String name) {
    boolean whole =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() == JsonParser.NumberType.INT;
    if (!whole || json.getIntValue() < 1) {
      throw new BadParameter(name, "'" + name + "' must be a whole number of at least 1.");
    }
    return json.getIntValue();
  }

  private static BadParameter whole(String what) {
    return new BadParameter("", "The request's body cannot be used: " + what + ".");
  }
}
