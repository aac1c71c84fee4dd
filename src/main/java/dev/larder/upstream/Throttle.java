package dev.larder.upstream;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One bandwidth cap for all bodies together: each reader pays for what it got by waiting for its
 * turn. Safe for concurrent use.
 */
public final class Throttle {
  private static final int SLICES_PER_SECOND = 20;
  private static final int SMALLEST_SLICE = 1024;

  private final long bytesPerSecond;
  private final AtomicLong paidUntil = new AtomicLong(System.nanoTime());

  private Throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  public static Throttle unlimited() {
    return new Throttle(0);
  }

  public static Throttle of(long bytesPerSecond) {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("a rate is more than nothing");
    }
    return new Throttle(bytesPerSecond);
  }

  /** How much to read at once, so that no single turn lasts long. */
  int slice(int wanted) {
    return bytesPerSecond == 0
        ? wanted
        : (int) Math.min(wanted, Math.max(SMALLEST_SLICE, bytesPerSecond / SLICES_PER_SECOND));
  }

  /** Waits until {@code bytes} more fit under the cap. An interrupt ends the wait, not the debt. */
  void pay(int bytes) {
    if (bytesPerSecond == 0) {
      return;
    }
    long cost = (long) (bytes * (1e9 / bytesPerSecond));
    long turn =
        paidUntil.updateAndGet(
            until -> Math.max(until - System.nanoTime(), 0) + System.nanoTime() + cost);
    for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
