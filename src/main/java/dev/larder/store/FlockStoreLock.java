package dev.larder.store;

import java.nio.file.Path;

final class FlockStoreLock {
  private FlockStoreLock() {}

  static StoreLock.Attempt attempt(Path larder) {
    throw new StoreException.StoreBusy("not built: " + larder);
  }
}
