package dev.larder.hubcache;

import dev.larder.content.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The store room's {@code flock(2)}. */
final class StoreFlocks implements Flocks {
  private final Disk disk;

  StoreFlocks(Disk disk) {
    this.disk = disk;
  }

  @Override
  public Optional<AutoCloseable> tryAcquire(Path file) throws IOException {
    return disk.stat(file).isPresent() ? Optional.empty() : Optional.empty();
  }
}
