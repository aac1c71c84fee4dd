package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.store.BlobLedger.BlobRow;
import dev.larder.store.JournalReading.Journalled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings a directory that a crash left behind into order. Each step is complete in itself and does
 * nothing when repeated, so a crash during recovery is one more start.
 */
final class Recovery {
  private static final Duration KEEP_ATTEMPTS = Duration.ofHours(24);

  private final StoreParts parts;
  private final Shelf shelf;
  private final Attempts attempts;
  private final InstantSource clock;
  private final String boot;
  private final Notes notes;

  Recovery(
      StoreParts parts,
      Shelf shelf,
      Attempts attempts,
      InstantSource clock,
      String boot,
      Notes notes) {
    this.parts = parts;
    this.shelf = shelf;
    this.attempts = attempts;
    this.clock = clock;
    this.boot = boot;
    this.notes = notes;
  }

  /** Answers the blobs without a row: nobody may have them until they were hashed. */
  List<Digest> run() throws IOException {
    createDirectories();
    parts.quarantine().load();
    Map<Digest, BlobRow> rows = finishRemovals();
    List<Digest> orphans = matchFiles(rows);
    recoverAttempts();
    if (!parts.suspects().list().isEmpty()) {
      StoreLog.LOG.info(
          "the last stop was not a clean one: {} new blobs are hashed before they are given out",
          parts.suspects().list().size());
    }
    return orphans;
  }

  private Disk disk() {
    return parts.disk();
  }

  private void createDirectories() throws IOException {
    disk().createDirectories(parts.layout().blobs());
    disk().createDirectories(parts.layout().tmp());
    disk().createDirectories(parts.layout().quarantine());
  }

  private Map<Digest, BlobRow> finishRemovals() throws IOException {
    Map<Digest, BlobRow> ready = new HashMap<>();
    List<Digest> deleting = new ArrayList<>();
    parts
        .ledger()
        .each(
            row -> {
              switch (row.state()) {
                case READY -> ready.put(row.digest(), row);
                case DELETING -> deleting.add(row.digest());
              }
            });
    for (Digest digest : deleting) {
      shelf.finishRemoval(digest);
    }
    return ready;
  }

  /** Takes the rows whose files are there out of {@code rows}. */
  private List<Digest> matchFiles(Map<Digest, BlobRow> rows) throws IOException {
    List<Digest> orphans = new ArrayList<>();
    boolean anyRow = !rows.isEmpty();
    OptionalLong doubtful = parts.suspects().load();
    for (Path shard : disk().list(parts.layout().blobs())) {
      for (Path file : blobsIn(shard)) {
        Optional<Digest> digest = BlobLayout.digestOf(file, BlobLayout.fileName(shard));
        BlobRow row = digest.map(rows::remove).orElse(null);
        if (digest.isEmpty()) {
          stray(file);
        } else if (row == null) {
          orphans.add(digest.get());
        } else {
          put(row, doubtful);
        }
      }
    }
    if (!orphans.isEmpty() && anyRow) {
      note(
          Oddity.Kind.ORPHAN,
          parts.layout().blobs(),
          orphans.size() + " files had no row; they are hashed and get one");
    }
    parts.ledger().allLost(rows.keySet());
    if (!rows.isEmpty()) {
      StoreLog.LOG.warn("{} blobs had a row and no file; they will be fetched anew", rows.size());
    }
    return orphans;
  }

  /** A changed fingerprint shows at the first lease, which hashes then. */
  private void put(BlobRow row, OptionalLong doubtful) throws IOException {
    shelf.put(row.digest(), row.fingerprint());
    if (doubtful.isPresent() && row.fingerprint().changedNanos() >= doubtful.getAsLong()) {
      suspect(row);
    }
  }

  /** What is not even as long as it was need not wait for its hash. */
  private void suspect(BlobRow row) throws IOException {
    FileStat stat = disk().stat(parts.layout().blob(row.digest())).orElse(null);
    if (stat != null && stat.sizeBytes() != row.fingerprint().sizeBytes()) {
      shelf.quarantine(row.digest(), "lost-by-a-crash");
    } else {
      parts.suspects().add(row.digest());
    }
  }

  private List<Path> blobsIn(Path shard) throws IOException {
    Optional<List<Path>> files = BlobLayout.filesOf(disk(), shard);
    if (files.isEmpty()) {
      stray(shard);
    }
    return files.orElse(List.of());
  }

  private void note(Oddity.Kind kind, Path subject, String detail) {
    String shown = parts.layout().larder().relativize(subject).toString();
    notes.add(new Oddity(kind, shown, "when the store was opened, " + detail, true));
  }

  private void stray(Path file) throws IOException {
    note(
        Oddity.Kind.STRAY, file, "it lay among the blobs and was none; it was moved to quarantine");
    parts.quarantine().take(file, BlobLayout.fileName(file).replace('.', '_'), "stray");
  }

  private void recoverAttempts() throws IOException {
    for (Path file : disk().list(parts.layout().tmp())) {
      String name = BlobLayout.fileName(file);
      if (name.endsWith(BlobLayout.PART)) {
        recoverAttempt(file, journalOf(file));
      } else if (!name.endsWith(BlobLayout.JOURNAL) || partOf(file).isEmpty()) {
        removeFromTmp(file);
      }
    }
  }

  private Path journalOf(Path part) {
    return part.resolveSibling(swapped(part, BlobLayout.PART, BlobLayout.JOURNAL));
  }

  private Optional<FileStat> partOf(Path journal) throws IOException {
    return disk()
        .stat(journal.resolveSibling(swapped(journal, BlobLayout.JOURNAL, BlobLayout.PART)));
  }

  private static String swapped(Path file, String from, String to) {
    String name = BlobLayout.fileName(file);
    return name.substring(0, name.length() - from.length()) + to;
  }

  private void recoverAttempt(Path part, Path journal) throws IOException {
    FileStat stat = disk().stat(part).orElse(null);
    Journalled told = JournalReading.read(disk(), journal, boot).orElse(null);
    if (stat == null || told == null || !isWorthKeeping(stat, told)) {
      disk().delete(journal);
      removeFromTmp(part);
      return;
    }
    attempts.parked(
        new Parking.Parked(
            new Attempt(part, journal, told.expected(), told.sizeBytes(), told.label()),
            parts.reservations().keep(told.sizeBytes(), told.landed().totalBytes())));
  }

  /**
   * A part with a second name was published just before the crash: writing to it would write to the
   * blob.
   */
  private boolean isWorthKeeping(FileStat stat, Journalled told) {
    long landedEnd = told.landed().ranges().stream().mapToLong(r -> r.end()).max().orElse(0);
    Duration age = Duration.ofNanos(clock.millis() * 1_000_000L - stat.modifiedNanos());
    return stat.kind() == FileStat.Kind.FILE
        && stat.links() == 1
        && landedEnd > 0
        && stat.sizeBytes() >= landedEnd
        && stat.sizeBytes() <= told.sizeBytes()
        && age.compareTo(KEEP_ATTEMPTS) < 0
        && !isPublished(told);
  }

  private boolean isPublished(Journalled told) {
    return told.expected() instanceof Digest digest && shelf.find(digest).isPresent();
  }

  private void removeFromTmp(Path file) throws IOException {
    FileStat stat = disk().stat(file).orElse(null);
    if (stat != null && PrivateCopies.isOne(file, stat)) {
      PrivateCopies.remove(disk(), file);
      note(Oddity.Kind.LEFTOVER, file, "nobody used these copies any more; they were removed");
    } else if (stat != null && stat.kind() == FileStat.Kind.DIRECTORY) {
      StoreLog.LOG.warn("{} is a directory that Larder did not make; it is left alone", file);
    } else {
      disk().delete(file);
      note(Oddity.Kind.LEFTOVER, file, "nobody worked on it any more; it was removed");
    }
  }
}
