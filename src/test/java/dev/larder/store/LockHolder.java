package dev.larder.store;

import java.nio.file.Path;

/** A process that takes a store's lock, says so on a line, and holds it until its input ends. */
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] args) throws Exception {
    switch (StoreLock.attempt(Path.of(args[0]))) {
      case StoreLock.Attempt.Mine(StoreLock lock) -> {
        lock.announce("http://127.0.0.1:1", "s3cret");
        System.out.println("held");
        System.out.flush();
        while (System.in.read() >= 0) {
          // until the test ends it
        }
      }
      case StoreLock.Attempt.Theirs(var owner) -> System.out.println("theirs " + owner);
    }
  }
}
