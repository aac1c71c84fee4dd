package dev.larder.transfer;

import java.util.Map;

/**
 * What makes two requests share a flight: the same object of the same upstream, fetched with the
 * same rights. The scope is part of the key because one caller's refusal must not become another's,
 * and one caller's rights must not serve another.
 */
public record FlightKey(String upstream, String object, String scope) {
  /** As kept beside the bytes in {@code tmp}. */
  Map<String, String> label() {
    return Map.of("upstream", upstream, "object", object, "scope", scope);
  }

  boolean labels(Map<String, String> label) {
    return label.entrySet().containsAll(label().entrySet());
  }

  /** Safe for logs. */
  @Override
  public String toString() {
    return object;
  }
}
