package dev.larder.doctor;

import dev.larder.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the root is there and can be used. */
final class RootCheck implements Check {
  @Override
  public String subject() {
    return "the root";
  }

  @Override
  public List<Finding> look(Scene scene) {
    Path home = scene.home();
    if (Files.notExists(home)) {
      return scene.settings().homeIsNamed() ? List.of(missing(scene)) : List.of();
    }
    if (Files.exists(home) && !Files.isDirectory(home)) {
      return List.of(
          Finding.of(
              Code.ROOT_NO_DIRECTORY,
              "%s is no directory.".formatted(home),
              "mv %s %s".formatted(Shell.quoted(home), Shell.quoted(home + ".file"))));
    }
    List<Finding> findings = new ArrayList<>();
    usable(scene, home, findings);
    beside(scene, findings);
    return findings;
  }

  private static Finding missing(Scene scene) {
    return Finding.of(
        Code.ROOT_MISSING,
        "%s, which %s names, is not there."
            .formatted(scene.home(), Words.setting(scene.settings(), Setting.HOME)),
        "mkdir -p " + Shell.quoted(scene.home()));
  }

  private static void usable(Scene scene, Path home, List<Finding> into) {
    boolean mountedReadOnly =
        scene.mounts().of(Places.real(home)).filter(Mounts.Mount::readOnly).isPresent();
    if (!Files.isReadable(home) || !Files.isExecutable(home)) {
      into.add(
          Finding.of(
              Code.ROOT_UNREADABLE,
              "%s may not be read by this user.".formatted(home),
              Owners.take(scene, home)));
    } else if (!Files.isWritable(home) && !mountedReadOnly) {
      into.add(
          Finding.of(
              Code.ROOT_NOT_WRITABLE,
              "%s may not be written by this user.".formatted(home),
              Owners.take(scene, home)));
    }
  }

  private static void beside(Scene scene, List<Finding> into) {
    List<Path> repos = Places.repos(scene.home());
    if (!repos.isEmpty() && !scene.hub().equals(scene.home())) {
      into.add(
          Finding.of(
              Code.REPOS_BESIDE_HUB,
              "%d repos lie in %s itself (%s), not in %s."
                  .formatted(
                      repos.size(),
                      scene.home(),
                      Shell.some(repos.stream().map(Places::name).toList()),
                      scene.hub()),
              // A cache directory that lies there itself is named; else the real one would be
              // hidden.
              scene.location().isPrimary() && Places.repos(scene.hub()).isEmpty()
                  ? "unset LARDER_HOME PRIMARY_CACHE_PATH; "
                      + Shell.export("HF_HUB_CACHE", scene.home())
                  : "mkdir -p %s && mv -n %s %s"
                      .formatted(
                          Shell.quoted(scene.hub()),
                          repos.stream().map(Shell::quoted).collect(Collectors.joining(" ")),
                          Shell.quoted(scene.hub()))));
    }
  }
}
