package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.Identity;
import dev.larder.store.JournalReading.Journalled;
import dev.larder.store.Parking.Parked;
import dev.larder.store.Reservations.Reservation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Everything in {@code tmp}: begins attempts, keeps parked ones, ends them. Parked attempts give
 * way to new ones when there is no room for both.
 */
final class Attempts implements AutoCloseable {
  private static final int PRIVATE = 0600;
  private static final int PUBLISHED = 0444;

  private final StoreParts parts;
  private final Shelf shelf;
  private final StoreTuning tuning;

  private final Parking parking = new Parking();

  /**
   * What may take room, and how much: attempts by their part, parked or not, and what comes in for
   * an {@link Intake} by its file. A file in {@code tmp} is here from before it is made until after
   * it is gone.
   */
  private final ConcurrentHashMap<Path, Long> owned = new ConcurrentHashMap<>();

  private final ExecutorService syncs =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("larder-store-sync").factory());

  Attempts(StoreParts parts, Shelf shelf, StoreTuning tuning) {
    this.parts = parts;
    this.shelf = shelf;
    this.tuning = tuning;
  }

  private Disk disk() {
    return parts.disk();
  }

  LocalStagedBlob stage(Identity expected, long sizeBytes, Map<String, String> label)
      throws IOException {
    Reservation reservation = reserve(expected.toString(), sizeBytes);
    String name = BlobLayout.uniqueName();
    Path tmp = parts.layout().tmp();
    Attempt attempt =
        new Attempt(
            tmp.resolve(name + BlobLayout.PART),
            tmp.resolve(name + BlobLayout.JOURNAL),
            expected,
            sizeBytes,
            Map.copyOf(label));
    own(attempt.part(), sizeBytes);
    try {
      return begin(attempt, reservation);
    } catch (IOException e) {
      discard(attempt, reservation);
      throw e;
    }
  }

  /** Parked attempts give way. */
  Reservation reserve(String what, long sizeBytes) throws IOException {
    while (true) {
      try {
        return parts.reservations().reserve(what, sizeBytes);
      } catch (StoreException.StoreFull e) {
        if (!dropOldestParked()) {
          throw e;
        }
      }
    }
  }

  private boolean dropOldestParked() throws IOException {
    Parked oldest = parking.takeOldest().orElse(null);
    if (oldest == null) {
      return false;
    }
    StoreLog.LOG.info("giving up the parked attempt {} for a new one", oldest.part());
    drop(oldest);
    return true;
  }

  private void drop(Parked attempt) throws IOException {
    try {
      disk().delete(attempt.journal());
      disk().delete(attempt.part());
    } finally {
      attempt.reservation().release();
      disown(attempt.part());
    }
  }

  private LocalStagedBlob begin(Attempt attempt, Reservation reservation) throws IOException {
    OpenFiles files = OpenFiles.create(disk(), attempt, tuning.boot());
    return new LocalStagedBlob(
        this, attempt, files, reservation, new LandedRanges(new RangeSet(), tuning.recordBytes()));
  }

  /** The parked attempt at one object, if there is one and it is sound. */
  Optional<LocalStagedBlob> resume(Identity expected, long sizeBytes, Map<String, String> label) {
    return parking.take(expected, sizeBytes, label).flatMap(this::resumed);
  }

  /** Each parked attempt, once. */
  List<LocalStagedBlob> resumable() {
    List<LocalStagedBlob> resumed = new ArrayList<>();
    parking.takeAll().forEach(attempt -> resumed(attempt).ifPresent(resumed::add));
    return List.copyOf(resumed);
  }

  private Optional<LocalStagedBlob> resumed(Parked attempt) {
    try {
      return Optional.of(resume(attempt));
    } catch (IOException e) {
      StoreLog.LOG.warn("{} cannot go on and is dropped", attempt.part(), e);
      dropQuietly(attempt);
      return Optional.empty();
    }
  }

  private void dropQuietly(Parked attempt) {
    try {
      drop(attempt);
    } catch (IOException e) {
      StoreLog.LOG.warn("removing {} failed; the next start tries again", attempt.part(), e);
    }
  }

  private LocalStagedBlob resume(Parked found) throws IOException {
    Journalled told =
        JournalReading.read(disk(), found.journal(), tuning.boot())
            .orElseThrow(() -> new IOException(found.journal() + " is not sound"));
    // A crash after sealing left it read-only.
    disk().chmod(found.part(), PRIVATE);
    Attempt attempt =
        new Attempt(found.part(), found.journal(), told.expected(), told.sizeBytes(), told.label());
    OpenFiles files = OpenFiles.reopen(disk(), attempt, told, tuning.boot());
    return new LocalStagedBlob(
        this,
        attempt,
        files,
        found.reservation(),
        new LandedRanges(told.landed(), tuning.recordBytes()));
  }

  /** Runs {@code work} on the one thread that waits for the disk; not at all while closing. */
  void later(Runnable work) {
    try {
      syncs.execute(work);
    } catch (RejectedExecutionException e) {
      // Only a hint was lost: what is not synced now is synced by commit.
      StoreLog.LOG.debug("the store is closing, no sync", e);
    }
  }

  long syncBytes() {
    return tuning.syncBytes();
  }

  void awaitSyncs() {
    try {
      syncs.submit(() -> {}).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("doing nothing failed", e);
    }
  }

  void syncNames() throws IOException {
    disk().syncDirectory(parts.layout().tmp());
  }

  void distrust(Attempt attempt) {
    try {
      disk().delete(attempt.journal());
    } catch (IOException e) {
      StoreLog.LOG.error(
          "removing {} failed; remove it by hand before the next start", attempt.journal(), e);
    }
  }

  FileChannel openForReaders(Path file) throws IOException {
    return disk().openRead(file);
  }

  void seal(Attempt attempt) throws IOException {
    disk().chmod(attempt.part(), PUBLISHED);
  }

  /** Answers where the blob lies now. */
  Path publish(Attempt attempt, Digest digest, Reservation reservation) throws IOException {
    try {
      shelf.publish(attempt.part(), digest, reservation);
      disk().delete(attempt.journal());
      return parts.layout().blob(digest);
    } finally {
      reservation.release();
      disown(attempt.part());
    }
  }

  void mismatched(Attempt attempt, Identity found, Reservation reservation) throws IOException {
    try {
      disk().delete(attempt.journal());
      parts
          .quarantine()
          .take(attempt.part(), attempt.expected().hex(), "mismatch-found-" + found.hex());
    } finally {
      reservation.release();
      disown(attempt.part());
    }
  }

  void parked(Attempt attempt, Reservation reservation) {
    parked(new Parked(attempt, reservation));
  }

  void parked(Parked attempt) {
    own(attempt.part(), attempt.attempt().sizeBytes());
    parking.put(attempt);
  }

  /** Somebody works on {@code file}, or may, and {@code sizeBytes} are reserved for it. */
  void own(Path file, long sizeBytes) {
    owned.put(file, sizeBytes);
  }

  /** {@code file} is gone, and its room is free. */
  void disown(Path file) {
    owned.remove(file);
  }

  /** Whether {@code file} in {@code tmp} belongs to what goes on, or may be gone on with. */
  boolean works(Path file) {
    String name = BlobLayout.fileName(file);
    Path part =
        name.endsWith(BlobLayout.JOURNAL)
            ? file.resolveSibling(
                name.substring(0, name.length() - BlobLayout.JOURNAL.length()) + BlobLayout.PART)
            : file;
    return owned.containsKey(part);
  }

  /** What all of them, counted anew, may take. */
  long reservedBytes() {
    return owned.values().stream().mapToLong(Long::longValue).sum();
  }

  void discard(Attempt attempt, Reservation reservation) throws IOException {
    drop(new Parked(attempt, reservation));
  }

  StoreException.StoreIo failed(String verb, Attempt attempt, IOException e) {
    return StoreFailures.of(
        verb + " an attempt at " + attempt.expected() + " in " + attempt.part(), e);
  }

  /** Waits for a sync under way. */
  @Override
  public void close() {
    syncs.close();
  }
}
