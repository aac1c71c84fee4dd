package dev.larder.upstream;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends what has no timeout of its own: TLS handshakes, and writes to a peer that does not read. One
 * thread for all of them.
 */
final class Watchdog implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  Watchdog() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("upstream-watchdog").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Runs {@code end} when {@code deadline} passes before the guard is closed. */
  Guard at(Deadline deadline, Runnable end) {
    long delay = Math.max(0, deadline.remaining().toNanos());
    return new Guard(timer.schedule(end, delay, TimeUnit.NANOSECONDS));
  }

  record Guard(ScheduledFuture<?> end) implements AutoCloseable {
    @Override
    public void close() {
      end.cancel(false);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
