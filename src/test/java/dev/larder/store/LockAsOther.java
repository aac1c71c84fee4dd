package dev.larder.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Run as another user: tries the locks that are named and says how each stands. */
final class LockAsOther {
  private LockAsOther() {}

  public static void main(String... locks) {
    for (String lock : locks) {
      System.out.println(Path.of(lock).getFileName() + " " + state(Path.of(lock)));
    }
  }

  private static String state(Path lock) {
    try {
      Optional<Flock> mine = Flock.tryExisting(lock);
      if (mine.isPresent()) {
        mine.get().close();
      }
      return mine.isPresent() ? "free" : "held";
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }
}
