package dev.larder.resident.onnx;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Threads on which models run: as many as there are cores, for all models together, and who comes
 * first is first. So any number of callers needs the memory of a few runs, and a virtual thread
 * that waits for a model holds up nobody: native code would keep its carrier.
 */
final class Turns {
  static final int AT_ONCE = Math.max(1, Runtime.getRuntime().availableProcessors());
  private static final ThreadPoolExecutor THREADS = threads();

  private Turns() {}

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("onnx-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** As below, for work that throws nothing that has to be declared. */
  static <T> T take(Supplier<T> work) {
    try {
      return call(work::get);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What {@code work} answers or throws, when it was its turn. An interrupt does not end the wait,
   * since nothing would end the work, and is there again afterwards.
   */
  static <T> T call(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    THREADS.execute(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
