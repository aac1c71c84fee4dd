package dev.larder.hubcache;

import dev.larder.hubcache.HubTree.HubLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Python's download locks, taken as Python takes them: by trying again until it works or time is
 * up. Whoever gets none goes on without: every writer uses a temporary name of its own, so a lock
 * saves work and protects nothing.
 */
final class HubLocks {
  private static final Logger log = LoggerFactory.getLogger(HubLocks.class);
  private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ground ground;
  private final Flocks flocks;
  private final Duration patience;

  HubLocks(Ground ground, Flocks flocks, Duration patience) {
    this.ground = ground;
    this.flocks = flocks;
    this.patience = patience;
  }

  HubLock lock(Path file) {
    try {
      ground.ensureDirectory(HubLayout.parent(file));
      Optional<AutoCloseable> lock = wait(file);
      if (lock.isPresent()) {
        return new Held(file, lock.get());
      }
      log.atDebug().addKeyValue("lock", file).log("Going on without a lock that others hold");
    } catch (IOException e) {
      log.atDebug()
          .addKeyValue("lock", file)
          .setCause(e)
          .log("Going on without a lock that cannot be taken");
    }
    return new NotHeld();
  }

  private Optional<AutoCloseable> wait(Path file) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Optional<AutoCloseable> lock = flocks.tryAcquire(file);
      boolean over = System.nanoTime() - start >= patience.toNanos();
      if (lock.isPresent() || over || Thread.currentThread().isInterrupted()) {
        return lock;
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MIN_PAUSE_NANOS, MAX_PAUSE_NANOS));
    }
  }

  private record Held(Path file, AutoCloseable lock) implements HubLock {
    @Override
    public boolean held() {
      return true;
    }

    @Override
    public void close() {
      try {
        lock.close();
      } catch (Exception e) {
        throw new HubTreeException(
            "Tried to give back the lock %s but %s; it is free when Larder ends."
                .formatted(file, e.getMessage()),
            e);
      }
    }
  }

  private record NotHeld() implements HubLock {
    @Override
    public boolean held() {
      return false;
    }

    @Override
    public void close() {
      // There is nothing to give back.
    }
  }
}
