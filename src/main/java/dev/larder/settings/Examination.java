package dev.larder.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the sources say, also where some of it cannot be used: for whoever looks for what is wrong.
 * In {@code settings} each one that cannot be used has its default.
 *
 * @param problems one sentence for each thing that cannot be used
 * @param disagreements where two sources say different things
 */
public record Examination(
    Settings settings, List<String> problems, List<Disagreement> disagreements) {
  public Examination {
    problems = List.copyOf(problems);
    disagreements = List.copyOf(disagreements);
  }

  /**
   * {@code name} at {@code place} decides, and {@code other} at {@code otherPlace} is not heard.
   * Both are shown as {@code NAME=value}, without the value where that is secret.
   */
  public record Disagreement(
      String name,
      String shown,
      String place,
      String other,
      String otherShown,
      String otherPlace) {}

  /** Never throws for what the sources hold. */
  public static Examination of(SettingSources sources) {
    List<String> problems = new ArrayList<>();
    Layers layers = Layers.read(sources, problems);
    Readings readings = Readings.of(layers, problems);
    return new Examination(
        Settings.of(readings, roots(layers, sources, problems), layers, sources, problems),
        problems,
        Disagreements.of(layers));
  }

  private static Roots roots(Layers layers, SettingSources sources, List<String> problems) {
    try {
      return Roots.of(layers, sources);
    } catch (SettingsException e) {
      problems.add(e.explanation());
      SettingSources nothing =
          new SettingSources(Map.of(), Map.of(), sources.directory(), sources.userHome());
      return Roots.of(Layers.none(), nothing);
    }
  }
}
