package dev.larder.hubcache;

import dev.larder.hubcache.HubTree.HubLock;
import dev.larder.store.Flock;
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

  /** Python lets the group wait for it too, whatever the umask. */
  private static final int SHARED = 0664;

  private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ground ground;
  private final Duration patience;

  HubLocks(Ground ground, Duration patience) {
    this.ground = ground;
    this.patience = patience;
  }

  HubLock lock(Path file) {
    try {
      ground.ensureDirectory(HubLayout.parent(file));
      Optional<Flock> lock = wait(file);
      if (lock.isPresent()) {
        share(file);
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

  private void share(Path file) {
    try {
      if (ground.disk.stat(file).filter(stat -> stat.mode() != SHARED).isPresent()) {
        ground.disk.chmod(file, SHARED);
      }
    } catch (IOException e) {
      log.atDebug().addKeyValue("lock", file).setCause(e).log("The lock belongs to another user");
    }
  }

  private Optional<Flock> wait(Path file) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Optional<Flock> lock = Flock.tryAcquire(file, SHARED);
      boolean over = System.nanoTime() - start >= patience.toNanos();
      if (lock.isPresent() || over || Thread.currentThread().isInterrupted()) {
        return lock;
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MIN_PAUSE_NANOS, MAX_PAUSE_NANOS));
    }
  }

  private record Held(Path file, Flock lock) implements HubLock {
    @Override
    public boolean held() {
      return true;
    }

    @Override
    public void close() {
      try {
        lock.close();
      } catch (IOException e) {
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
