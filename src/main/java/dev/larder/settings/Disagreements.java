package dev.larder.settings;

import dev.larder.settings.Examination.Disagreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds settings that two sources give different values, or two names of one setting. */
final class Disagreements {
  private Disagreements() {}

  static List<Disagreement> of(Layers layers) {
    List<Disagreement> found = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      names(setting).forEach(names -> among(setting, layers.all(names), found));
    }
    for (String name : List.of(Layers.HF_HOME, Layers.XDG_CACHE_HOME)) {
      among(Setting.HOME, layers.all(List.of(name)), found);
    }
    return List.copyOf(found);
  }

  /**
   * Which names mean the same thing. A site's token and the token of whoever is logged in are two
   * things, so each is compared with itself alone.
   */
  private static List<List<String>> names(Setting setting) {
    List<String> all = new ArrayList<>(List.of(setting.variable()));
    all.addAll(setting.synonyms());
    if (setting == Setting.HOME) {
      all.add(Layers.PRIMARY);
    }
    return setting.secret() ? all.stream().map(List::of).toList() : List.of(all);
  }

  private static void among(Setting setting, List<Assigned> given, List<Disagreement> into) {
    for (int i = 1; i < given.size(); i++) {
      Assigned decides = given.getFirst();
      Assigned other = given.get(i);
      if (!meaning(setting, decides).equals(meaning(setting, other))) {
        into.add(
            new Disagreement(
                decides.name(),
                shown(setting, decides),
                decides.origin().toString(),
                other.name(),
                shown(setting, other),
                other.origin().toString()));
      }
    }
  }

  /** {@code 1} and {@code true} are one thing, and so are {@code 60s} and {@code 1m}. */
  private static Object meaning(Setting setting, Assigned assigned) {
    Optional<Object> value = Value.parse(setting, assigned, new ArrayList<>());
    return value.orElse(assigned.text());
  }

  private static String shown(Setting setting, Assigned assigned) {
    return assigned.name() + "=" + Shown.text(setting, assigned.text());
  }
}
