package dev.larder.store;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * {@link StagedBlob} in a sparse file beside its journal.
 *
 * <p>Locks, from the outside in: {@code gate} (shared by writers, alone for what ends the attempt),
 * {@code hashing}, {@code writing} (around one write), then inside {@link LandedRanges} one that is
 * never held across I/O.
 */
final class LocalStagedBlob implements StagedBlob {
  private enum Phase {
    OPEN,
    COMMITTED,
    PARKED,
    DISCARDED
  }

  private final Attempts attempts;
  private final Attempt attempt;
  private final WritableFile file;
  private final Journal journal;
  private final Reservations.Reservation reservation;
  private final LandedRanges landed;

  private final StampedLock gate = new StampedLock();
  private final ReentrantLock hashing = new ReentrantLock();

  /** The kernel lets one thread write a file at a time; here the others wait without spinning. */
  private final ReentrantLock writing = new ReentrantLock();

  private final AtomicBoolean syncQueued = new AtomicBoolean();
  private final BlobHasher hasher;
  private final ByteBuffer hashBuffer = ByteBuffer.allocate(BlobHasher.BLOCK_BYTES);
  private volatile Phase phase = Phase.OPEN;
  private volatile FileChannel readers;
  private volatile Path readable;
  private volatile boolean closed;
  private volatile @Nullable IOException broken;
  private volatile long syncedBytes;
  private volatile @Nullable Digest verified;

  LocalStagedBlob(
      Attempts attempts,
      Attempt attempt,
      OpenFiles opened,
      Reservations.Reservation reservation,
      LandedRanges landed) {
    this.attempts = attempts;
    this.attempt = attempt;
    this.file = opened.file();
    this.journal = opened.journal();
    this.readers = opened.readers();
    this.readable = attempt.part();
    this.reservation = reservation;
    this.landed = landed;
    this.hasher = new BlobHasher(attempt.expected(), attempt.sizeBytes());
    this.syncedBytes = landed.totalBytes();
  }

  @Override
  public Identity expected() {
    return attempt.expected();
  }

  @Override
  public long sizeBytes() {
    return attempt.sizeBytes();
  }

  @Override
  public Map<String, String> label() {
    return landed.labelled(attempt.label());
  }

  @Override
  public void note(String key, String value) {
    landed.note(key, value);
  }

  @Override
  public void write(long offset, ByteBuffer data) {
    long end = offset + data.remaining();
    if (offset < 0 || end > attempt.sizeBytes()) {
      throw new IllegalArgumentException(
          "[%d, %d) is not in a file of %d bytes".formatted(offset, end, attempt.sizeBytes()));
    }
    long stamp = gate.readLock();
    try {
      requireOpen();
      writeMissing(offset, end, data);
    } catch (IOException e) {
      throw attempts.failed("write to", attempt, e);
    } finally {
      gate.unlockRead(stamp);
    }
  }

  /** Bytes that landed may be hashed or read already, so they are never written again. */
  private void writeMissing(long offset, long end, ByteBuffer data) throws IOException {
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
    long total = landed.totalBytes();
    reservation.written(total);
    if (total - syncedBytes >= attempts.syncBytes() && syncQueued.compareAndSet(false, true)) {
      attempts.later(this::syncLanded);
    }
  }

  private void requireOpen() throws IOException {
    if (phase != Phase.OPEN) {
      throw new IllegalStateException("the attempt has ended: " + phase);
    }
    if (broken != null) {
      throw broken;
    }
  }

  /** Off the writers' threads: makes what has landed survive a power cut as well. */
  private void syncLanded() {
    long stamp = gate.readLock();
    try {
      if (phase == Phase.OPEN && broken == null) {
        landed.drain().record(journal);
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
      gate.unlockRead(stamp);
      syncQueued.set(false);
    }
  }

  /** A failed sync is final: the next write or commit says so, and nothing is resumed. */
  private void breakDown(IOException e) {
    broken = e;
    StoreLog.LOG.warn("syncing {} failed, the attempt is given up", attempt.part(), e);
    attempts.distrust(attempt);
  }

  @Override
  public List<ByteRange> landed() {
    return landed.ranges();
  }

  @Override
  public long landedUntil(long position) {
    return landed.endAt(position);
  }

  @Override
  public long nextLanded(long position) {
    return landed.nextFrom(position, attempt.sizeBytes());
  }

  @Override
  public FileChannel channel() {
    FileChannel channel = readers;
    return channel.isOpen() || closed ? channel : reopenedForReaders();
  }

  /** Interrupting a reader closes the channel under all of them; they go on with a new one. */
  private synchronized FileChannel reopenedForReaders() {
    if (!readers.isOpen() && !closed) {
      try {
        readers = attempts.openForReaders(readable);
      } catch (IOException e) {
        throw attempts.failed("read from", attempt, e);
      }
    }
    return readers;
  }

  @Override
  public long hashForward(long limitBytes) {
    long stamp = gate.readLock();
    try {
      requireOpen();
      return advanceHash(limitBytes);
    } catch (IOException e) {
      throw attempts.failed("hash", attempt, e);
    } finally {
      gate.unlockRead(stamp);
    }
  }

  private long advanceHash(long limitBytes) throws IOException {
    hashing.lock();
    try {
      long from = hasher.hashedBytes();
      long end = landed.endAt(from);
      if (end - from > limitBytes) {
        end = from + limitBytes;
      }
      // The landed bytes are in the page cache: reading them back costs a copy and no disk.
      long until = end;
      Uninterrupted.run(() -> hasher.advance(file.channel(), until, hashBuffer));
      return hasher.hashedBytes();
    } finally {
      hashing.unlock();
    }
  }

  @Override
  public Digest verify() {
    long stamp = gate.writeLock();
    try {
      requireOpen();
      return verifyAlone();
    } catch (IOException e) {
      throw attempts.failed("hash", attempt, e);
    } finally {
      gate.unlockWrite(stamp);
    }
  }

  @Override
  public Digest commit() {
    long stamp = gate.writeLock();
    try {
      requireOpen();
      return commitAlone();
    } catch (IOException e) {
      StoreException.StoreIo failure = attempts.failed("publish", attempt, e);
      discardAfter(failure);
      throw failure;
    } finally {
      gate.unlockWrite(stamp);
    }
  }

  private Digest verifyAlone() throws IOException {
    Digest known = verified;
    if (known != null) {
      return known;
    }
    if (landed.endAt(0) != attempt.sizeBytes()) {
      throw new IllegalStateException("not all has landed: " + landed.ranges());
    }
    advanceHash(Long.MAX_VALUE);
    BlobHasher.Hashed hashed = hasher.finish();
    if (!hashed.found().equals(attempt.expected())) {
      phase = Phase.DISCARDED;
      closeWriters();
      attempts.mismatched(attempt, reservation);
      throw new StoreException.BlobMismatch(
          attempt.expected(), hashed.found(), "they were moved to quarantine, nothing was stored");
    }
    verified = hashed.digest();
    return hashed.digest();
  }

  private Digest commitAlone() throws IOException {
    Digest digest = verifyAlone();
    attempts.seal(attempt);
    file.sync();
    closeWriters();
    phase = Phase.COMMITTED;
    readable = attempts.publish(attempt, digest, reservation);
    return digest;
  }

  private void closeWriters() throws IOException {
    try {
      file.close();
    } finally {
      journal.close();
    }
  }

  @Override
  public void park() {
    long stamp = gate.writeLock();
    try {
      requireOpen();
      landed.drain().record(journal);
      phase = Phase.PARKED;
      closeWriters();
      attempts.parked(attempt, reservation);
    } catch (IOException e) {
      StoreException.StoreIo failure = attempts.failed("park", attempt, e);
      discardAfter(failure);
      throw failure;
    } finally {
      gate.unlockWrite(stamp);
    }
  }

  @Override
  public void discard() {
    long stamp = gate.writeLock();
    try {
      if (phase == Phase.OPEN) {
        discardAlone();
      }
    } catch (IOException e) {
      throw attempts.failed("discard", attempt, e);
    } finally {
      gate.unlockWrite(stamp);
    }
  }

  private void discardAlone() throws IOException {
    phase = Phase.DISCARDED;
    try {
      closeWriters();
    } finally {
      attempts.discard(attempt, reservation);
    }
  }

  private void discardAfter(StoreException failure) {
    try {
      discardAlone();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try {
      if (phase == Phase.OPEN) {
        endUnasked();
      }
    } finally {
      closed = true;
      try {
        readers.close();
      } catch (IOException e) {
        StoreLog.LOG.warn("closing the readers' channel of {} failed", attempt.part(), e);
      }
    }
  }

  private void endUnasked() {
    if (broken == null) {
      park();
    } else {
      discard();
    }
  }
}
