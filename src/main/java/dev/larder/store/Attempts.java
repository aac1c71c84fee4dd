package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.Identity;
import dev.larder.content.WritableFile;
import dev.larder.store.JournalReading.Journalled;
import dev.larder.store.Reservations.Reservation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** By part, oldest first. Guarded by itself. */
  private final Map<Path, Parked> parked = new LinkedHashMap<>();

  private final ExecutorService syncs =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("larder-store-sync").factory());

  Attempts(StoreParts parts, Shelf shelf, StoreTuning tuning) {
    this.parts = parts;
    this.shelf = shelf;
    this.tuning = tuning;
  }

  /** An attempt that nobody works on, and its room. */
  record Parked(Attempt attempt, Reservation reservation) {
    Path part() {
      return attempt.part();
    }

    Path journal() {
      return attempt.journal();
    }

    /** Whether it is the same object, as far as its label was asked for. */
    boolean continues(Identity expected, long sizeBytes, Map<String, String> label) {
      return attempt.expected().equals(expected)
          && attempt.sizeBytes() == sizeBytes
          && attempt.label().entrySet().containsAll(label.entrySet());
    }
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
    try {
      return begin(attempt, reservation);
    } catch (IOException e) {
      discard(attempt, reservation);
      throw e;
    }
  }

  private Reservation reserve(String what, long sizeBytes) throws IOException {
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
    Parked oldest;
    synchronized (parked) {
      Map.Entry<Path, Parked> first = parked.isEmpty() ? null : parked.entrySet().iterator().next();
      if (first == null) {
        return false;
      }
      oldest = first.getValue();
      parked.remove(first.getKey());
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
    }
  }

  private LocalStagedBlob begin(Attempt attempt, Reservation reservation) throws IOException {
    WritableFile file = disk().create(attempt.part());
    try {
      Journal journal = new Journal(disk().create(attempt.journal()), 0, 0);
      journal.header(attempt, tuning.boot());
      var opened =
          new LocalStagedBlob.OpenedAttempt(file, journal, disk().openRead(attempt.part()));
      return new LocalStagedBlob(
          this,
          attempt,
          opened,
          reservation,
          new LandedRanges(new RangeSet(), tuning.recordBytes()));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** The parked attempt at one object, if there is one and it is sound. */
  Optional<LocalStagedBlob> resume(Identity expected, long sizeBytes, Map<String, String> label) {
    Parked found;
    synchronized (parked) {
      found =
          parked.values().stream()
              .filter(attempt -> attempt.continues(expected, sizeBytes, label))
              .findFirst()
              .orElse(null);
      if (found == null) {
        return Optional.empty();
      }
      parked.remove(found.part());
    }
    return resumed(found);
  }

  /** Each parked attempt, once. */
  List<LocalStagedBlob> resumable() {
    List<Parked> taken;
    synchronized (parked) {
      taken = List.copyOf(parked.values());
      parked.clear();
    }
    List<LocalStagedBlob> resumed = new ArrayList<>();
    taken.forEach(attempt -> resumed(attempt).ifPresent(resumed::add));
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
    WritableFile file = disk().reopen(found.part());
    try {
      Journal journal = reopenJournal(found.journal(), told);
      Attempt attempt =
          new Attempt(
              found.part(), found.journal(), told.expected(), told.sizeBytes(), told.label());
      var opened = new LocalStagedBlob.OpenedAttempt(file, journal, disk().openRead(found.part()));
      return new LocalStagedBlob(
          this,
          attempt,
          opened,
          found.reservation(),
          new LandedRanges(told.landed(), tuning.recordBytes()));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private Journal reopenJournal(Path path, Journalled told) throws IOException {
    WritableFile file = disk().reopen(path);
    file.truncate(told.soundBytes());
    Journal journal = new Journal(file, told.soundBytes(), told.landedRecords());
    if (!told.sameBoot()) {
      journal.boot(tuning.boot());
    }
    return journal;
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
      shelf.publish(attempt.part(), digest);
      disk().delete(attempt.journal());
      return parts.layout().blob(digest);
    } finally {
      reservation.release();
    }
  }

  void mismatched(Attempt attempt, Reservation reservation) throws IOException {
    try {
      disk().delete(attempt.journal());
      parts.quarantine().take(attempt.part(), attempt.expected().hex(), "mismatch");
    } finally {
      reservation.release();
    }
  }

  void parked(Attempt attempt, Reservation reservation) {
    parked(new Parked(attempt, reservation));
  }

  void parked(Parked attempt) {
    synchronized (parked) {
      parked.put(attempt.part(), attempt);
    }
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
