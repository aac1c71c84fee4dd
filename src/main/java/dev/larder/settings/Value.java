package dev.larder.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what one setting was given, and reads it. */
final class Value {
  private Value() {}

  static Assigned find(Setting setting, Layers layers) {
    List<String> names = new ArrayList<>(List.of(setting.variable()));
    names.addAll(setting.synonyms());
    return layers
        .find(names)
        .orElseGet(() -> new Assigned(setting.variable(), setting.defaultText(), Origin.DEFAULT));
  }

  /** Empty when nothing is set, or when what is set is wrong: then there is one more problem. */
  static Optional<Object> parse(Setting setting, Assigned assigned, List<String> problems) {
    if (assigned.text().isEmpty()) {
      return Optional.empty();
    }
    if (assigned.name().equals("HF_HUB_OFFLINE")) {
      return Optional.of(pythonTrue(assigned.text()));
    }
    try {
      return Optional.of(setting.unit().parse(assigned.text()));
    } catch (IllegalValue e) {
      problems.add(wrong(setting, assigned, e));
      return Optional.empty();
    }
  }

  /** huggingface_hub constants.py: only these are true, everything else is false. */
  private static Boolean pythonTrue(String text) {
    return List.of("1", "on", "yes", "true").contains(text.toLowerCase(Locale.ROOT));
  }

  private static String wrong(Setting setting, Assigned assigned, IllegalValue why) {
    String value = setting.secret() ? "" : "='" + Shown.text(setting, assigned.text()) + "'";
    return "%s%s (%s) cannot be used: %s. Needed is %s."
        .formatted(
            assigned.name(),
            value,
            assigned.origin(),
            why.reason(),
            setting.unit().form().replace("`", ""));
  }
}
