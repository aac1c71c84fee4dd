package dev.larder.store;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.StampedLock;

/**
 * {@link StagedBlob} in a sparse file beside its journal.
 *
 * <p>Locks, from the outside in: {@code gate} (shared by writers, alone for what ends the attempt),
 * the one of {@link StagedHash}, the one of {@link StagedWrites} (around one write), then inside
 * {@link LandedRanges} one that is never held across I/O.
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
  private final Reservations.Reservation reservation;
  private final LandedRanges landed;
  private final StampedLock gate = new StampedLock();
  private final StagedWrites writes;
  private final StagedHash hash;
  private final StagedReaders readers;
  private volatile Phase phase = Phase.OPEN;

  LocalStagedBlob(
      Attempts attempts,
      Attempt attempt,
      OpenFiles opened,
      Reservations.Reservation reservation,
      LandedRanges landed) {
    this.attempts = attempts;
    this.attempt = attempt;
    this.reservation = reservation;
    this.landed = landed;
    this.writes = new StagedWrites(attempts, attempt, opened, reservation, landed);
    this.hash = new StagedHash(attempt, opened.file(), landed);
    this.readers = new StagedReaders(attempts, attempt, opened.readers());
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
      writes.writeMissing(offset, data);
      if (writes.syncIsDue()) {
        attempts.later(this::syncLanded);
      }
    } catch (IOException e) {
      throw attempts.failed("write to", attempt, e);
    } finally {
      gate.unlockRead(stamp);
    }
  }

  private void requireOpen() throws IOException {
    if (phase != Phase.OPEN) {
      throw new IllegalStateException("the attempt has ended: " + phase);
    }
    writes.requireSound();
  }

  /** Off the writers' threads: makes what has landed survive a power cut as well. */
  private void syncLanded() {
    long stamp = gate.readLock();
    try {
      writes.syncLanded(phase == Phase.OPEN);
    } finally {
      gate.unlockRead(stamp);
    }
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
    return readers.channel();
  }

  @Override
  public long hashForward(long limitBytes) {
    long stamp = gate.readLock();
    try {
      requireOpen();
      return hash.advance(limitBytes);
    } catch (IOException e) {
      throw attempts.failed("hash", attempt, e);
    } finally {
      gate.unlockRead(stamp);
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
    BlobHasher.Hashed hashed = hash.complete();
    if (!hashed.found().equals(attempt.expected())) {
      phase = Phase.DISCARDED;
      writes.close();
      attempts.mismatched(attempt, hashed.found(), reservation);
      throw new StoreException.BlobMismatch(
          attempt.expected(), hashed.found(), "they were moved to quarantine, nothing was stored");
    }
    return hashed.digest();
  }

  private Digest commitAlone() throws IOException {
    Digest digest = verifyAlone();
    attempts.seal(attempt);
    writes.sync();
    writes.close();
    phase = Phase.COMMITTED;
    readers.movedTo(attempts.publish(attempt, digest, reservation));
    return digest;
  }

  @Override
  public void park() {
    long stamp = gate.writeLock();
    try {
      requireOpen();
      writes.recordLanded();
      phase = Phase.PARKED;
      writes.close();
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
      writes.close();
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
      readers.close();
    }
  }

  private void endUnasked() {
    if (writes.areSound()) {
      park();
    } else {
      discard();
    }
  }
}
