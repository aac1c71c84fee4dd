package dev.larder.doctor;

import dev.larder.location.LocationException;
import dev.larder.location.LocationState;
import dev.larder.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether Python on this machine looks for its cache where Larder keeps it. */
final class PythonPathsCheck implements Check {
  private static final List<String> CACHES =
      List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME");

  /** huggingface_hub never read them; transformers before 5 and its forerunners did. */
  private static final List<String> OLD =
      List.of("TRANSFORMERS_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "PYTORCH_PRETRAINED_BERT_CACHE");

  @Override
  public String subject() {
    return "cache variables of Python";
  }

  @Override
  public List<Finding> look(Scene scene) {
    PythonPaths python = PythonPaths.of(scene);
    List<Finding> findings = new ArrayList<>();
    for (String name : CACHES) {
      if ("".equals(scene.environment().get(name))) {
        findings.add(
            Finding.of(Code.CACHE_VARIABLE_EMPTY, name + " is set and empty.", "unset " + name));
      }
    }
    OLD.forEach(name -> old(scene, python, name, findings));
    elsewhere(scene, python).ifPresent(findings::add);
    return findings;
  }

  private static void old(Scene scene, PythonPaths python, String name, List<Finding> into) {
    String value = scene.environment().getOrDefault(name, "");
    if (!value.isEmpty() && !same(python.expanded(value), scene.hub())) {
      into.add(
          Finding.of(
              Code.OLD_CACHE_VARIABLE,
              "%s=%s is set; Larder uses %s.".formatted(name, value, scene.hub()),
              "unset " + name + "; " + Shell.export("HF_HUB_CACHE", scene.hub())));
    }
  }

  private static Optional<Finding> elsewhere(Scene scene, PythonPaths python) {
    Path theirs = python.hub();
    if (scene.settings().locations().stream().anyMatch(at -> same(theirs, at.hub()))) {
      return Optional.empty();
    }
    String variable =
        python.decides().filter(n -> !scene.environment().getOrDefault(n, "").isEmpty()).orElse("");
    int repos = Places.repos(theirs).size();
    if (variable.isEmpty() && unseen(scene)) {
      return Optional.of(
          Finding.of(
              Code.PYTHON_CACHE_ELSEWHERE,
              "Larder uses %s by a variable in a file that Python does not read; it uses %s."
                  .formatted(scene.hub(), theirs),
              Shell.export("HF_HUB_CACHE", scene.hub())));
    }
    if (variable.isEmpty() && movedAway(theirs)) {
      return Optional.of(
          Finding.of(
              Code.PYTHON_CACHE_ELSEWHERE,
              "Python uses %s, from where a cache of Larder's was moved; Larder uses %s."
                  .formatted(theirs, scene.hub()),
              Shell.export("HF_HUB_CACHE", scene.hub())));
    }
    if (variable.isEmpty() && repos == 0) {
      return Optional.empty();
    }
    if (Places.repos(scene.hub()).isEmpty() && repos > 0) {
      return Optional.of(
          Finding.of(
              Code.DEFAULT_CACHE_HAS_DATA,
              "%s, where Python looks%s, has %d repos; %s, where Larder looks, has none."
                  .formatted(theirs, by(variable), repos, scene.hub()),
              "unset LARDER_HOME PRIMARY_CACHE_PATH; " + Shell.export("HF_HUB_CACHE", theirs)));
    }
    return Optional.of(
        Finding.of(
            variable.isEmpty() ? Code.PYTHON_CACHE_BESIDE : Code.PYTHON_CACHE_ELSEWHERE,
            "Python uses %s%s (%d repos), Larder uses %s."
                .formatted(theirs, by(variable), repos, scene.hub()),
            Shell.export("HF_HUB_CACHE", scene.hub())));
  }

  /** Whether a variable of Python's own decides here that only a file holds. */
  private static boolean unseen(Scene scene) {
    return Stream.of(Setting.HUB_CACHE, Setting.HOME)
        .map(setting -> Words.setting(scene.settings(), setting))
        .anyMatch(place -> place.matches("(?:HF_|XDG_).* \\((?:\\.env|larder\\.yaml).*"));
  }

  private static boolean movedAway(Path hub) {
    try {
      return LocationState.of(Places.parent(hub)) instanceof LocationState.Moved;
    } catch (LocationException _) {
      return false; // Where this user may not look Python may neither.
    }
  }

  private static String by(String variable) {
    return variable.isEmpty() ? "" : " by " + variable;
  }

  /** Whether both names lead to one directory. */
  private static boolean same(Path one, Path other) {
    return one.equals(other)
        || (Places.existing(one).equals(one)
            && Places.existing(other).equals(other)
            && Places.real(one).equals(Places.real(other)));
  }
}
