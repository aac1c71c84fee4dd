package dev.larder.store;

import dev.larder.content.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hashes blobs whose file changed, each once for all who wait for it, on a few threads of its own:
 * on the requests' virtual threads it would hold up every other request. Safe for concurrent use.
 */
final class Rechecks implements AutoCloseable {
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());
  private static final long IDLE_SECONDS = 10;
  private static final String CLOSING = "the store is closing";

  private final ConcurrentMap<Digest, CompletableFuture<Optional<PublishedBlob>>> running =
      new ConcurrentHashMap<>();
  private final ThreadPoolExecutor hashers = hashers();

  /** What is done for the first who asks. */
  interface Check {
    Optional<PublishedBlob> run() throws IOException;
  }

  private static ThreadPoolExecutor hashers() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("larder-store-hasher-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** What {@code check} answers; who asks while one of {@code digest} runs gets its answer. */
  Optional<PublishedBlob> ask(Digest digest, Check check) throws IOException {
    CompletableFuture<Optional<PublishedBlob>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<PublishedBlob>> present = running.putIfAbsent(digest, mine);
    if (present == null) {
      begin(digest, check, mine);
    }
    return await(digest, present == null ? mine : present);
  }

  private void begin(
      Digest digest, Check check, CompletableFuture<Optional<PublishedBlob>> result) {
    try {
      hashers.execute(() -> run(digest, check, result));
    } catch (RejectedExecutionException e) {
      running.remove(digest, result);
      result.completeExceptionally(new IOException(CLOSING, e));
    }
  }

  /** The root of a hasher's work. */
  private void run(Digest digest, Check check, CompletableFuture<Optional<PublishedBlob>> result) {
    try {
      Optional<PublishedBlob> found = check.run();
      // First, so that who finds it changed once more is not given this answer again.
      running.remove(digest, result);
      result.complete(found);
    } catch (Throwable e) {
      running.remove(digest, result);
      result.completeExceptionally(e);
    }
  }

  private static Optional<PublishedBlob> await(
      Digest digest, CompletableFuture<Optional<PublishedBlob>> result) throws IOException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("waiting for the hash of " + digest + " was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  /** Stops soon: an interrupted read fails, and whoever waits for it is told so. */
  @Override
  public void close() {
    hashers.shutdown();
    // Before the interrupt, whose own failure would say less.
    running.values().forEach(r -> r.completeExceptionally(new IOException(CLOSING)));
    hashers.shutdownNow();
    hashers.close();
  }
}
