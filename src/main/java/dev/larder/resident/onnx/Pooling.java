package dev.larder.resident.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * How the vectors of the tokens of one text become one vector. The names are those of {@code
 * sentence_transformers.models.Pooling}, in the order in which it joins the results of several.
 */
enum Pooling {
  CLS("pooling_mode_cls_token", "cls"),
  MAX("pooling_mode_max_tokens", "max"),
  MEAN("pooling_mode_mean_tokens", "mean"),
  MEAN_SQRT_LEN("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
  WEIGHTED_MEAN("pooling_mode_weightedmean_tokens", "weightedmean"),
  LAST("pooling_mode_lasttoken", "lasttoken");

  private final String flag;
  private final String word;

  Pooling(String flag, String word) {
    this.flag = flag;
    this.word = word;
  }

  /** What the configuration of a pooling module says; empty when that is nothing known. */
  static List<Pooling> of(JsonNode config) {
    String named = Configs.text(config, "pooling_mode");
    return Stream.of(values())
        .filter(pooling -> named.equals(pooling.word) || config.path(pooling.flag).asBoolean(false))
        .toList();
  }

  /** The flag of {@code config} that switches on a pooling that is not known here. */
  static Optional<String> unknown(JsonNode config) {
    return config
        .propertyStream()
        .filter(member -> member.getKey().startsWith("pooling_mode_"))
        .filter(member -> member.getValue().asBoolean(false))
        .map(Map.Entry::getKey)
        .filter(flag -> Stream.of(values()).noneMatch(known -> known.flag.equals(flag)))
        .findFirst();
  }

  /**
   * Writes the pooled vector to {@code to}.
   *
   * @param tokens {@code count} vectors of {@code width} numbers, from {@code start} on
   */
  void pool(float[] tokens, int start, int count, int width, float[] to, int toStart) {
    switch (this) {
      case CLS -> System.arraycopy(tokens, start, to, toStart, width);
      case LAST -> System.arraycopy(tokens, start + (count - 1) * width, to, toStart, width);
      case MAX -> max(tokens, start, count, width, to, toStart);
      case MEAN -> sum(tokens, start, count, width, to, toStart, 1.0 / count);
      case MEAN_SQRT_LEN -> sum(tokens, start, count, width, to, toStart, 1 / Math.sqrt(count));
      case WEIGHTED_MEAN -> weighted(tokens, start, count, width, to, toStart);
    }
  }

  private static void max(
      float[] tokens, int start, int count, int width, float[] to, int toStart) {
    for (int i = 0; i < width; i++) {
      float most = tokens[start + i];
      for (int token = 1; token < count; token++) {
        most = Math.max(most, tokens[start + token * width + i]);
      }
      to[toStart + i] = most;
    }
  }

  private static void sum(
      float[] tokens, int start, int count, int width, float[] to, int toStart, double factor) {
    for (int i = 0; i < width; i++) {
      double sum = 0;
      for (int token = 0; token < count; token++) {
        sum += tokens[start + token * width + i];
      }
      to[toStart + i] = (float) (sum * factor);
    }
  }

  private static void weighted(
      float[] tokens, int start, int count, int width, float[] to, int toStart) {
    double weights = count * (count + 1.0) / 2;
    for (int i = 0; i < width; i++) {
      double sum = 0;
      for (int token = 0; token < count; token++) {
        sum += (token + 1.0) * tokens[start + token * width + i];
      }
      to[toStart + i] = (float) (sum / weights);
    }
  }
}
