package dev.larder.store;

import dev.larder.content.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Hashes blobs whose file changed, off the threads of those who ask. Safe for concurrent use. */
final class Rechecks implements AutoCloseable {
  private final Hashers<Digest, Optional<PublishedBlob>> hashers =
      new Hashers<>("larder-store-hasher-", () -> new IOException("the store is closing"));

  /** What is done for the first who asks. */
  interface Check {
    Optional<PublishedBlob> run() throws IOException;
  }

  /** What {@code check} answers; who asks while one of {@code digest} runs gets its answer. */
  Optional<PublishedBlob> ask(Digest digest, Check check) throws IOException {
    try {
      return hashers.ask(digest, check::run).get();
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

  @Override
  public void close() {
    hashers.close();
  }
}
