package dev.larder.doctor;

import dev.larder.content.FileStat;
import dev.larder.content.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A file that nobody writes to any more, as it was when that was found. */
record Stale(Path file, FileStat.Fingerprint fingerprint) {
  static long bytes(List<Stale> files) {
    return files.stream().mapToLong(each -> each.fingerprint().sizeBytes()).sum();
  }

  static String shown(List<Stale> files) {
    return "%s (%s): %s"
        .formatted(
            Words.files(files.size()),
            Sizes.format(bytes(files)),
            Shell.some(files.stream().map(Stale::file).toList()));
  }

  /** Whether somebody may still need it, asked again just before it goes. */
  interface Need {
    boolean needed(Path file) throws IOException;
  }

  /** Answers what was done. What changed meanwhile stays. */
  static String remove(Scene scene, List<Stale> files, Need need) throws IOException {
    int removed = 0;
    long bytes = 0;
    for (Stale each : files) {
      boolean same =
          scene
              .disk()
              .stat(each.file())
              .filter(stat -> stat.fingerprint().equals(each.fingerprint()))
              .isPresent();
      if (same && !need.needed(each.file())) {
        scene.disk().delete(each.file());
        removed++;
        bytes += each.fingerprint().sizeBytes();
      }
    }
    String kept = removed == files.size() ? "" : ", kept " + (files.size() - removed);
    return "removed %s (%s)%s".formatted(Words.files(removed), Sizes.format(bytes), kept);
  }
}
