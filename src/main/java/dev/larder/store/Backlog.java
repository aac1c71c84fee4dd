package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What recovery left to be hashed: blobs without a row, which nobody sees before, and blobs in
 * doubt ({@link Suspects}), which whoever asks for them hashes first. A few small ones without a
 * row are done at once; the rest on a thread of its own, so that a store is ready quickly. It rests
 * after each blob in doubt for as long as the hashing took: half of a disk and half of a core at
 * most.
 */
final class Backlog implements AutoCloseable {
  private final StoreParts parts;
  private final Shelf shelf;
  private final Notes notes;
  private final CountDownLatch done = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  Backlog(StoreParts parts, Shelf shelf, List<Digest> orphans, long atOnceBytes, Notes notes)
      throws IOException {
    this.parts = parts;
    this.shelf = shelf;
    this.notes = notes;
    int next = 0;
    long left = atOnceBytes;
    while (next < orphans.size() && (left -= size(orphans.get(next))) >= 0) {
      adopt(orphans.get(next++));
    }
    List<Digest> rest = orphans.subList(next, orphans.size());
    List<Digest> suspects = parts.suspects().list();
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("larder-store-backlog")
            .unstarted(() -> work(rest, suspects));
    if (rest.isEmpty() && suspects.isEmpty()) {
      done.countDown();
    } else {
      thread.start();
    }
  }

  private long size(Digest digest) throws IOException {
    return parts.disk().stat(parts.layout().blob(digest)).map(FileStat::sizeBytes).orElse(0L);
  }

  private void work(List<Digest> orphans, List<Digest> suspects) {
    try {
      for (Digest digest : orphans) {
        attempt(digest, () -> adopt(digest));
      }
      for (Digest digest : suspects) {
        long start = System.nanoTime();
        attempt(digest, () -> shelf.recheck(digest));
        if (closing.await(System.nanoTime() - start, TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  private void adopt(Digest digest) throws IOException {
    if (shelf.adoptOrphan(digest) == Shelf.Orphan.QUARANTINED) {
      notes.add(StoreAudit.wrongOrphan(digest));
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Digest digest, Step step) {
    if (isClosing()) {
      return;
    }
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      if (!isClosing()) {
        StoreLog.LOG.warn("hashing {} failed; the next start tries again", digest, e);
      }
    }
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
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
    closing.countDown();
    thread.interrupt();
    await();
  }
}
