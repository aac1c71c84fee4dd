package dev.larder.settings;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What each setting was given, and what it means. One that cannot be used has its default. */
record Readings(Map<Setting, Object> values, Map<Setting, Assigned> assigned) {
  Assigned assignment(Setting setting) {
    return Objects.requireNonNull(assigned.get(setting));
  }

  /** Adds to {@code problems} what cannot be used. */
  static Readings of(Layers layers, List<String> problems) {
    Map<Setting, Object> values = new EnumMap<>(Setting.class);
    Map<Setting, Assigned> assigned = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      int before = problems.size();
      Assigned found = Value.find(setting, layers);
      Value.parse(setting, found, problems).ifPresent(value -> values.put(setting, value));
      if (problems.size() > before) {
        found = new Assigned(setting.variable(), setting.defaultText(), Origin.DEFAULT);
        Value.parse(setting, found, problems).ifPresent(value -> values.put(setting, value));
      }
      assigned.put(setting, found);
    }
    return new Readings(values, assigned);
  }
}
