package dev.larder.app;

import dev.larder.store.StoreLock;
import java.nio.file.Path;

/** A process that works on a store as a command does: it holds the lock and answers nobody. */
final class StoreHolder {
  private StoreHolder() {}

  public static void main(String[] args) throws Exception {
    if (StoreLock.attempt(Path.of(args[0])) instanceof StoreLock.Attempt.Mine) {
      System.out.println("held");
      System.out.flush();
      while (System.in.read() >= 0) {
        // until the test ends it
      }
    }
  }
}
