package dev.larder.upstream;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

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

  /** Something that blocks and ends with an exception once its socket is closed. */
  interface Blocking {
    void run() throws IOException;
  }

  /**
   * Runs {@code action}, and {@code end} when {@code deadline} passes before it is over: then it
   * fails with {@link SocketTimeoutException} whatever it came to.
   */
  void within(Deadline deadline, Runnable end, Blocking action) throws IOException {
    AtomicBoolean fired = new AtomicBoolean();
    ScheduledFuture<?> alarm = schedule(deadline, fired, end);
    try {
      action.run();
    } catch (IOException e) {
      throw fired.get() ? new SocketTimeoutException("it took too long") : e;
    } finally {
      alarm.cancel(false);
    }
    if (fired.get()) {
      throw new SocketTimeoutException("it took too long");
    }
  }

  private ScheduledFuture<?> schedule(Deadline deadline, AtomicBoolean fired, Runnable end)
      throws IOException {
    Runnable alarm =
        () -> {
          fired.set(true);
          end.run();
        };
    try {
      long delay = Math.max(0, deadline.remaining().toNanos());
      return timer.schedule(alarm, delay, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw new IOException("Larder is shutting down", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
