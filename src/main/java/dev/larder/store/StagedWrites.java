package dev.larder.store;

import dev.larder.content.ByteRange;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of one attempt: its file, and the journal of what landed there. Whoever calls
 * sees to it that nothing is written or synced once the attempt has ended.
 */
final class StagedWrites {
  private final Attempts attempts;
  private final Attempt attempt;
  private final WritableFile file;
  private final Journal journal;
  private final Reservations.Reservation reservation;
  private final LandedRanges landed;

  /** The kernel lets one thread write a file at a time; here the others wait without spinning. */
  private final ReentrantLock writing = new ReentrantLock();

  private final AtomicBoolean syncQueued = new AtomicBoolean();
  private volatile @Nullable IOException broken;
  private volatile long syncedBytes;

  StagedWrites(
      Attempts attempts,
      Attempt attempt,
      OpenFiles opened,
      Reservations.Reservation reservation,
      LandedRanges landed) {
    this.attempts = attempts;
    this.attempt = attempt;
    this.file = opened.file();
    this.journal = opened.journal();
    this.reservation = reservation;
    this.landed = landed;
    this.syncedBytes = landed.totalBytes();
  }

  /** Bytes that landed may be hashed or read already, so they are never written again. */
  void writeMissing(long offset, ByteBuffer data) throws IOException {
    long end = offset + data.remaining();
    LandedRanges.Batch batch;
    // Looking, writing and noting are one step: two writers of one gap must not both fill it.
    writing.lock();
    try {
      int base = data.position();
      for (ByteRange gap : landed.missing(offset, end)) {
        int from = base + (int) (gap.start() - offset);
        file.write(data.slice(from, (int) gap.length()), gap.start());
      }
      data.position(data.limit());
      batch = landed.add(offset, end);
    } finally {
      writing.unlock();
    }
    batch.record(journal);
    reservation.written(landed.totalBytes());
  }

  /** Once for each {@link #syncLanded} that is to follow. */
  boolean syncIsDue() {
    return landed.totalBytes() - syncedBytes >= attempts.syncBytes()
        && syncQueued.compareAndSet(false, true);
  }

  /** {@code open}: the attempt has not ended; else nothing is done. */
  void syncLanded(boolean open) {
    try {
      if (open && broken == null) {
        recordLanded();
        int records = journal.landedRecords();
        long total = landed.totalBytes();
        file.sync();
        attempts.syncNames();
        journal.synced(records);
        syncedBytes = total;
      }
    } catch (IOException e) {
      breakDown(e);
    } finally {
      syncQueued.set(false);
    }
  }

  /** A failed sync is final: the next write or commit says so, and nothing is resumed. */
  private void breakDown(IOException e) {
    broken = e;
    StoreLog.LOG.warn("syncing {} failed, the attempt is given up", attempt.part(), e);
    attempts.distrust(attempt);
  }

  boolean areSound() {
    return broken == null;
  }

  void requireSound() throws IOException {
    IOException failure = broken;
    if (failure != null) {
      throw failure;
    }
  }

  /** Journals what landed and is not in there yet. */
  void recordLanded() throws IOException {
    landed.drain().record(journal);
  }

  /** Makes the bytes durable. */
  void sync() throws IOException {
    file.sync();
  }

  void close() throws IOException {
    try {
      file.close();
    } finally {
      journal.close();
    }
  }
}
