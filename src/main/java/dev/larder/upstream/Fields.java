package dev.larder.upstream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Header fields of a response, by lower-case name; those of one name in the order they came. */
public record Fields(Map<String, List<String>> byName) {
  public static final Fields NONE = new Fields(Map.of());

  public Fields {
    byName = Map.copyOf(byName);
  }

  /** For a single field, {@code a, b} for one that came twice. */
  public Optional<String> find(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }

  public List<String> all(String name) {
    return byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** Collects fields while a head is read. */
  static final class Builder {
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private int count;

    int add(String name, String value) {
      fields.merge(
          name.toLowerCase(Locale.ROOT),
          List.of(value),
          (old, more) -> java.util.stream.Stream.concat(old.stream(), more.stream()).toList());
      return ++count;
    }

    Fields build() {
      return new Fields(fields);
    }
  }
}
