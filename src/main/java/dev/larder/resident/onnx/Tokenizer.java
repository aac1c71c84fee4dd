package dev.larder.resident.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.larder.resident.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The tokenizer of a model. Safe for concurrent use; whoever has it sees to it that it is open. */
final class Tokenizer {
  /** Half a character, which has no form in UTF-8. */
  private static final Pattern LONE_SURROGATE =
      Pattern.compile(
          "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]");

  /** The numbers of the tokens of one text, with those that the model wants around it. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Tokens(long[] ids, long[] types) {
    int count() {
      return ids.length;
    }
  }

  /** No text has tokens that are so long on average; the library takes all of it apart first. */
  private static final int CHARACTERS_OF_TOKEN = 256;

  private final HuggingFaceTokenizer tokenizer;
  private final boolean lowerCase;
  private final int mostCharacters;

  private Tokenizer(HuggingFaceTokenizer tokenizer, SentenceSettings settings) {
    this.tokenizer = tokenizer;
    this.lowerCase = settings.lowerCase();
    this.mostCharacters = CHARACTERS_OF_TOKEN * settings.mostTokens();
  }

  /**
   * Of a {@code tokenizer.json}, which may hold a length to cut or fill up to: that of the example
   * it was saved with, not that of the model, so the first is replaced and the second ignored.
   */
  static Tokenizer open(byte[] json, SentenceSettings settings) {
    Natives.tokenizers();
    String most = Integer.toString(settings.mostTokens());
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json),
              Map.of(
                  "truncation",
                  "true",
                  "padding",
                  "false",
                  "maxLength",
                  most,
                  "modelMaxLength",
                  most));
      return new Tokenizer(tokenizer, settings);
    } catch (IOException | RuntimeException e) {
      throw Configs.broken(Configs.TOKENIZER, "is no tokenizer: " + e.getMessage(), e);
    }
  }

  /** Throws {@link EngineException.Broken} when the tokenizer's own parts do not fit together. */
  Tokens encode(String text) {
    String some = text.substring(0, Math.min(text.length(), mostCharacters));
    String plain = LONE_SURROGATE.matcher(some).replaceAll("\ufffd");
    String cased = lowerCase ? plain.toLowerCase(Locale.ROOT) : plain;
    try {
      Encoding encoding = tokenizer.encode(cased, true, false);
      return new Tokens(encoding.getIds(), encoding.getTypeIds());
    } catch (RuntimeException e) {
      throw new EngineException.Broken("Tried to make tokens, but " + e.getMessage(), e);
    }
  }

  /** Frees it. Only once, and not while it is used. */
  void free() {
    tokenizer.close();
  }
}
