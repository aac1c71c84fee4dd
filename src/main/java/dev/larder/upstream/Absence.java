package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a moment that an upstream could not be reached, so that not everybody waits for the
 * same silence. After some failures in a row nobody asks for {@link #PAUSE}; then one may try while
 * the others still do not. Any answer ends it. Safe for concurrent use.
 */
final class Absence {
  private static final int TOLERATED = 2;
  static final Duration PAUSE = Duration.ofSeconds(2);

  private final ReentrantLock lock = new ReentrantLock();
  private int failures;
  private long quietUntil;
  private @Nullable UpstreamUnreachable last;

  /** Throws what went wrong last while the pause goes on. */
  void check() {
    lock.lock();
    try {
      UpstreamUnreachable why = last;
      if (failures < TOLERATED || why == null) {
        return;
      }
      long now = System.nanoTime();
      if (now - quietUntil < 0) {
        throw new UpstreamUnreachable(
            why.explanation() + " It was not asked again so soon.", why.timeout(), why);
      }
      quietUntil = now + PAUSE.toNanos();
    } finally {
      lock.unlock();
    }
  }

  void answered() {
    lock.lock();
    try {
      failures = 0;
      last = null;
    } finally {
      lock.unlock();
    }
  }

  void failed(UpstreamUnreachable why) {
    lock.lock();
    try {
      failures++;
      last = why;
      quietUntil = System.nanoTime() + PAUSE.toNanos();
    } finally {
      lock.unlock();
    }
  }
}
