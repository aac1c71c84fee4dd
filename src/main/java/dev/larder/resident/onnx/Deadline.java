package dev.larder.resident.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends a run that takes too long: a model can hold a loop without end. One run; close it. */
final class Deadline implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final OrtSession.RunOptions options;
  private final Future<?> end;
  private boolean closed;
  private volatile boolean passed;

  private Deadline(OrtSession.RunOptions options, Duration most) {
    this.options = options;
    this.end = CLOCK.schedule(this::terminate, most.toNanos(), TimeUnit.NANOSECONDS);
  }

  static Deadline of(Duration most) throws OrtException {
    return new Deadline(new OrtSession.RunOptions(), most);
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("onnx-deadline").factory());
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  /** To be given to the run. */
  OrtSession.RunOptions options() {
    return options;
  }

  /** Whether it ended the run. */
  boolean passed() {
    return passed;
  }

  private synchronized void terminate() {
    if (!closed) {
      passed = true;
      try {
        options.setTerminate(true);
      } catch (OrtException e) {
        throw new IllegalStateException("Tried to end a run", e);
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    end.cancel(false);
    options.close();
  }
}
