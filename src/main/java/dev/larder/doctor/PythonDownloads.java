package dev.larder.doctor;

import dev.larder.content.FileStat;
import dev.larder.store.Flock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;

/** The locks and downloads of Python in one cache directory. */
record PythonDownloads(Scene scene) {
  /** A writer that lives touches its file more often. */
  static final Duration QUIET = Duration.ofMinutes(10);

  /** {@code .locks/<repo's folder>/<name of the blob>.lock} of a file in {@code blobs}. */
  Path lockOf(Path partial) {
    String name = Places.name(partial);
    int dot = name.indexOf('.');
    String etag = dot < 0 ? name : name.substring(0, dot);
    Path folder = Places.parent(Places.parent(partial));
    return scene.hub().resolve(".locks").resolve(Places.name(folder)).resolve(etag + ".lock");
  }

  /** Whether somebody holds it; a lock that is not there nobody holds. */
  static boolean held(Path lock) throws IOException {
    return Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS) && Flock.isHeld(lock);
  }

  boolean quiet(FileStat stat) {
    return scene.age(stat.modifiedNanos()).compareTo(QUIET) > 0;
  }

  /** Whether a download of the blob that {@code lock} is for has been written to lately. */
  boolean growing(Path lock) throws IOException {
    String etag = Places.name(lock).replaceAll("\\.lock$", "");
    Path blobs = scene.hub().resolve(Places.name(Places.parent(lock))).resolve("blobs");
    for (Path file : Places.in(blobs)) {
      String name = Places.name(file);
      boolean partial = name.startsWith(etag + ".") && IncompleteCheck.isPartial(name);
      FileStat stat = partial ? scene.stat(file).orElse(null) : null;
      if (stat != null && !quiet(stat)) {
        return true;
      }
    }
    return false;
  }
}
