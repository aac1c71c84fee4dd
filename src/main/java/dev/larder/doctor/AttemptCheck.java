package dev.larder.doctor;

import dev.larder.content.FileStat;
import dev.larder.content.Sizes;
import dev.larder.store.StoreLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What lies in {@code larder/} and is not used any more. */
final class AttemptCheck implements Check {
  private static final Pattern ATTEMPT =
      Pattern.compile(
          "[0-9a-f]{32}\\.(?:part|journal|adopt|mark)|doctor\\.[0-9a-f]{8}\\.probe[23]?");

  @Override
  public String subject() {
    return "transfers that ended";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    if (!scene.storeInUse()) {
      attempts(scene, findings);
    }
    quarantine(scene, findings);
    setAside(scene, findings);
    return findings;
  }

  /** While somebody holds the store they are somebody's, and looked after at the next start. */
  private static void attempts(Scene scene, List<Finding> into) throws IOException {
    List<Stale> old =
        files(scene, scene.larder().resolve("tmp"), ATTEMPT).stream()
            .filter(each -> scene.stale(each.fingerprint().modifiedNanos()))
            .toList();
    if (!old.isEmpty()) {
      into.add(
          Finding.of(
              Code.ATTEMPT_STALE,
              "No transfer goes on with %s.".formatted(Stale.shown(old)),
              "larder doctor --fix",
              () -> removeAlone(scene, old)));
    }
  }

  private static String removeAlone(Scene scene, List<Stale> old) throws IOException {
    if (StoreLock.attempt(scene.larder()) instanceof StoreLock.Attempt.Mine(StoreLock lock)) {
      try (lock) {
        return Stale.remove(scene, old, _ -> false);
      }
    }
    throw new IOException("somebody works on the store now");
  }

  private static void quarantine(Scene scene, List<Finding> into) throws IOException {
    Path directory = scene.larder().resolve("quarantine");
    List<Stale> held = files(scene, directory, Pattern.compile(".+"));
    if (!held.isEmpty()) {
      into.add(
          Finding.of(
              Code.QUARANTINE_HOLDS,
              "%s holds %s, %s."
                  .formatted(directory, Words.files(held.size()), Sizes.format(Stale.bytes(held))),
              "rm " + Shell.quoted(directory) + "/*"));
    }
  }

  private static void setAside(Scene scene, List<Finding> into) throws IOException {
    List<Stale> aside = files(scene, scene.larder(), Pattern.compile("catalog\\.db\\.damaged-.+"));
    if (!aside.isEmpty()) {
      into.add(
          Finding.of(
              Code.CATALOG_SET_ASIDE,
              "An old catalog was set aside: %s.".formatted(Stale.shown(aside)),
              "rm " + Shell.quoted(scene.larder().resolve("catalog.db.damaged-")) + "*"));
    }
  }

  private static List<Stale> files(Scene scene, Path directory, Pattern name) throws IOException {
    List<Stale> files = new ArrayList<>();
    for (Path file : Places.in(directory)) {
      FileStat stat =
          name.matcher(Places.name(file)).matches() ? scene.stat(file).orElse(null) : null;
      if (stat != null && stat.kind() == FileStat.Kind.FILE) {
        files.add(new Stale(file, stat.fingerprint()));
      }
    }
    return files;
  }
}
