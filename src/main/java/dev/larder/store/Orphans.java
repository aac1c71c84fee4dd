package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Blobs that recovery found without a row. A few small ones are hashed at once; the rest on a
 * thread of its own, so that a store is ready quickly.
 */
final class Orphans implements AutoCloseable {
  private static final long AT_ONCE_BYTES = 64L << 20;

  private final StoreParts parts;
  private final Shelf shelf;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean closed;
  private final Thread thread;

  Orphans(StoreParts parts, Shelf shelf, List<Digest> found) throws IOException {
    this.parts = parts;
    this.shelf = shelf;
    int next = 0;
    long left = AT_ONCE_BYTES;
    while (next < found.size() && (left -= size(found.get(next))) >= 0) {
      shelf.adoptOrphan(found.get(next++));
    }
    List<Digest> rest = found.subList(next, found.size());
    this.thread =
        Thread.ofPlatform().daemon().name("larder-store-orphans").unstarted(() -> adopt(rest));
    if (rest.isEmpty()) {
      done.countDown();
    } else {
      thread.start();
    }
  }

  private long size(Digest digest) throws IOException {
    return parts.disk().stat(parts.layout().blob(digest)).map(FileStat::sizeBytes).orElse(0L);
  }

  private void adopt(List<Digest> found) {
    try {
      for (Digest digest : found) {
        if (closed) {
          return;
        }
        adopt(digest);
      }
    } finally {
      done.countDown();
    }
  }

  private void adopt(Digest digest) {
    try {
      shelf.adoptOrphan(digest);
    } catch (IOException e) {
      if (!closed) {
        StoreLog.LOG.warn("hashing {} failed; the next start tries again", digest, e);
      }
    }
  }

  void await() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops soon: an interrupted read fails. What was not hashed is found again. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    await();
  }
}
