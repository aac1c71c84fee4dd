package dev.larder.store;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A few platform threads that read whole files, each once for all who wait for it meanwhile: on the
 * requests' virtual threads that would hold up every other request. Nothing is kept: who asks after
 * the end begins anew, also after a failure. Safe for concurrent use.
 */
public final class Hashers<K, V> implements AutoCloseable {
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());
  private static final long IDLE_SECONDS = 10;

  private final ConcurrentMap<K, CompletableFuture<V>> running = new ConcurrentHashMap<>();
  private final Supplier<? extends Exception> closed;
  private final ThreadPoolExecutor threads;

  /**
   * @param name what its threads are called, before their number
   * @param closed the failure of those who wait when it is closed, or ask later
   */
  public Hashers(String name, Supplier<? extends Exception> closed) {
    this.closed = closed;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name, 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** The end of {@code work}, or of what somebody else asked for under {@code key} before. */
  public Future<V> ask(K key, Callable<V> work) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> present = running.putIfAbsent(key, mine);
    if (present == null) {
      begin(key, work, mine);
    }
    // A copy: one who waits cannot end it for the others.
    return (present == null ? mine : present).copy();
  }

  private void begin(K key, Callable<V> work, CompletableFuture<V> result) {
    try {
      threads.execute(() -> run(key, work, result));
    } catch (RejectedExecutionException _) {
      // Closed: what that means to who asks is for its owner to say.
      running.remove(key, result);
      result.completeExceptionally(closed.get());
    }
  }

  /** The root of a thread's work. */
  private void run(K key, Callable<V> work, CompletableFuture<V> result) {
    try {
      V found = work.call();
      // First, so that who finds the file changed once more is not given this answer again.
      running.remove(key, result);
      result.complete(found);
    } catch (Throwable e) {
      running.remove(key, result);
      result.completeExceptionally(e);
    }
  }

  /** Interrupts what runs and waits for its end; whoever waits for it is told at once. */
  @Override
  public void close() {
    threads.shutdown();
    // Before the interrupt, whose own failure would say less.
    running.values().forEach(result -> result.completeExceptionally(closed.get()));
    threads.shutdownNow();
    threads.close();
  }
}
