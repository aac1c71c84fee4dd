package dev.larder.doctor;

import dev.larder.content.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Downloads that ended before they were whole. Python holds the lock of a blob while it downloads
 * it, so a file that has been quiet for ten minutes and whose lock is free is dead; it is removed
 * when it is a day old as well.
 */
final class IncompleteCheck implements Check {
  /** huggingface_hub's and hf-hub's, llama.cpp's, and what Larder itself leaves when killed. */
  private static final Pattern PARTIAL =
      Pattern.compile(".+\\.incomplete|.+\\.downloadInProgress|larder\\.[0-9a-f]{8}\\.tmp");

  @Override
  public String subject() {
    return "downloads that ended";
  }

  static boolean isPartial(String name) {
    return PARTIAL.matcher(name).matches();
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    PythonDownloads python = new PythonDownloads(scene);
    List<Stale> young = new ArrayList<>();
    List<Stale> old = new ArrayList<>();
    for (Path repo : Places.repos(scene.hub())) {
      for (Path file : Places.in(repo.resolve("blobs"))) {
        FileStat stat = isPartial(Places.name(file)) ? scene.stat(file).orElse(null) : null;
        if (stat != null
            && stat.kind() == FileStat.Kind.FILE
            && python.quiet(stat)
            && !PythonDownloads.held(python.lockOf(file))) {
          (scene.stale(stat.modifiedNanos()) ? old : young)
              .add(new Stale(file, stat.fingerprint()));
        }
      }
    }
    return findings(scene, python, old, young);
  }

  private static List<Finding> findings(
      Scene scene, PythonDownloads python, List<Stale> old, List<Stale> young) {
    List<Finding> findings = new ArrayList<>();
    if (!old.isEmpty()) {
      findings.add(
          Finding.of(
              Code.INCOMPLETE_STALE,
              "No download goes on with %s.".formatted(Stale.shown(old)),
              "larder doctor --fix",
              () -> Stale.remove(scene, old, file -> PythonDownloads.held(python.lockOf(file)))));
    }
    if (!young.isEmpty()) {
      String files = String.join(" ", young.stream().map(Stale::file).map(Shell::quoted).toList());
      findings.add(
          Finding.of(
              Code.INCOMPLETE_STALE,
              "No download goes on with %s, less than a day old.".formatted(Stale.shown(young)),
              "rm " + files));
    }
    return findings;
  }
}
