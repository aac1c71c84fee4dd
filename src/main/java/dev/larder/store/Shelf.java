package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.store.BlobLedger.BlobRow;
import dev.larder.store.BlobLedger.State;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/**
 * The published blobs, and the only code that gives a file a name in {@code store} or takes it
 * away.
 *
 * <p>Order of publishing: bytes durable and 0444, name, directory durable, attempt's name gone,
 * row. The attempt's name goes before the row because unlinking changes the ctime that the row
 * records; a crash between leaves a durable blob without a row, which recovery hashes and adopts.
 * Removing is the reverse: row marked, name gone, directory durable, row gone.
 */
final class Shelf implements BlobSource {
  private final StoreParts parts;
  private final BlobFiles files;
  private final OpenBlobs open;
  private final PublishedBlobs blobs;
  private final DigestLocks locks = new DigestLocks();

  Shelf(StoreParts parts, OpenBlobs open) {
    this.parts = parts;
    this.files = new BlobFiles(parts);
    this.open = open;
    this.blobs = new PublishedBlobs(parts, open);
  }

  @Override
  public Optional<PublishedBlob> find(Digest digest) {
    return blobs.find(digest);
  }

  Collection<PublishedBlob> all() {
    return blobs.all();
  }

  /** From a row whose file is there, at start. */
  PublishedBlob put(Digest digest, Fingerprint fingerprint) {
    return blobs.put(digest, fingerprint);
  }

  @Override
  public Path path(Digest digest) {
    return files.name(digest);
  }

  @Override
  public FileChannel channel(PublishedBlob blob) throws IOException {
    return open.channel(blob, () -> files.open(blob.digest()));
  }

  /** The file under {@code blob}'s name as it is now. */
  Optional<FileStat> stat(PublishedBlob blob) throws IOException {
    return files.stat(blob.digest());
  }

  /**
   * Publishes {@code file}, whose bytes hash to {@code digest}, are durable and have no writer, and
   * takes its name in {@code tmp} away. When the blob is there already, only that.
   */
  void publish(Path file, Digest digest) throws IOException {
    Path shard = parts.layout().shard(digest);
    parts.suspects().publishing();
    try (var _ = locks.hold(digest)) {
      parts.disk().createDirectories(shard);
      boolean known = !linked(file, digest);
      if (!known) {
        parts.disk().syncDirectory(shard);
      }
      parts.disk().delete(file);
      if (!known) {
        record(digest);
      }
    }
  }

  /** False when a sound blob has that name and a row already. */
  private boolean linked(Path file, Digest digest) throws IOException {
    Path name = files.name(digest);
    try {
      parts.disk().link(file, name);
      return true;
    } catch (FileAlreadyExistsException _) {
      if (blobs.find(digest).isPresent() && recheckHeld(digest).isPresent()) {
        return false;
      }
      if (files.stat(digest).isPresent() && adoptHeld(digest)) {
        return false;
      }
      parts.disk().link(file, name);
      return true;
    }
  }

  /** A file in the store without a row: recorded when it is sound, else quarantined. */
  boolean adoptOrphan(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      return blobs.find(digest).isPresent() || adoptHeld(digest);
    }
  }

  private boolean adoptHeld(Digest digest) throws IOException {
    if (files.stat(digest).isEmpty()) {
      return false;
    }
    if (!files.hashesToName(digest)) {
      files.moveToQuarantine(digest, "mismatch");
      return false;
    }
    parts.suspects().publishing();
    files.settle(digest);
    record(digest);
    return true;
  }

  private void record(Digest digest) throws IOException {
    Fingerprint now = files.fingerprint(digest);
    parts.suspects().published(now.changedNanos());
    parts.ledger().put(new BlobRow(digest, now, State.READY));
    blobs.forget(digest);
    blobs.put(digest, now);
    parts.quarantine().replaced(digest);
  }

  @Override
  public boolean isTrusted(PublishedBlob blob) throws IOException {
    return !parts.suspects().contains(blob.digest())
        && stat(blob).map(FileStat::fingerprint).equals(Optional.of(blob.fingerprint()));
  }

  @Override
  public Optional<PublishedBlob> recheck(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      return recheckHeld(digest);
    }
  }

  private Optional<PublishedBlob> recheckHeld(Digest digest) throws IOException {
    PublishedBlob current = blobs.find(digest).orElse(null);
    if (current == null) {
      return Optional.empty();
    }
    FileStat stat = stat(current).orElse(null);
    if (stat == null) {
      parts.ledger().forget(digest);
      blobs.forget(digest);
      return Optional.empty();
    }
    boolean unchanged = stat.fingerprint().equals(current.fingerprint());
    if (unchanged && !parts.suspects().contains(digest)) {
      return Optional.of(current);
    }
    Optional<FileStat> proven =
        stat.sizeBytes() == current.sizeBytes() ? files.proven(digest, stat) : Optional.empty();
    if (proven.isEmpty()) {
      quarantineHeld(digest, unchanged ? "lost-by-a-crash" : "rewritten");
      return Optional.empty();
    }
    parts.suspects().cleared(digest);
    Fingerprint sealed = files.sealed(digest, proven.get());
    return Optional.of(sealed.equals(current.fingerprint()) ? current : refreshed(current, sealed));
  }

  private PublishedBlob refreshed(PublishedBlob current, Fingerprint now) {
    parts.ledger().put(new BlobRow(current.digest(), now, State.READY));
    return blobs.refreshed(current, now);
  }

  /** See {@link BlobStore#linkTo}. */
  void linkTo(Digest digest, Path name) throws IOException {
    // Under the lock: who finds the ctime changed meanwhile waits here and then sees the new one.
    try (var _ = locks.hold(digest)) {
      PublishedBlob blob = blobs.find(digest).orElse(null);
      boolean unchanged =
          blob != null
              && stat(blob).map(FileStat::fingerprint).equals(Optional.of(blob.fingerprint()));
      parts.disk().link(files.name(digest), name);
      if (unchanged) {
        relinkedHeld(digest);
      }
    }
  }

  /** See {@link BlobStore#relinked}. */
  void relinked(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      relinkedHeld(digest);
    }
  }

  private void relinkedHeld(Digest digest) throws IOException {
    PublishedBlob blob = blobs.find(digest).orElse(null);
    FileStat stat = blob == null ? null : stat(blob).orElse(null);
    if (blob != null
        && stat != null
        && BlobFiles.onlyChangeTimeDiffers(blob.fingerprint(), stat.fingerprint())) {
      refreshed(blob, stat.fingerprint());
    }
  }

  BlobStore.Removal remove(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      PublishedBlob blob = blobs.find(digest).orElse(null);
      if (blob == null) {
        return BlobStore.Removal.ABSENT;
      }
      if (!blobs.removeIfUnheld(blob)) {
        return BlobStore.Removal.HELD;
      }
      try {
        parts.ledger().put(new BlobRow(digest, blob.fingerprint(), State.DELETING));
        finishRemoval(digest);
      } finally {
        // When it failed midway the next start, or the next publication, finishes it.
        parts.reservations().stored(-blob.sizeBytes());
      }
      return BlobStore.Removal.REMOVED;
    }
  }

  /** What is left to do for a row that says DELETING. */
  void finishRemoval(Digest digest) throws IOException {
    parts.disk().delete(files.name(digest));
    if (parts.disk().stat(parts.layout().shard(digest)).isPresent()) {
      parts.disk().syncDirectory(parts.layout().shard(digest));
    }
    parts.ledger().forget(digest);
  }

  void quarantine(Digest digest, String reason) throws IOException {
    try (var _ = locks.hold(digest)) {
      quarantineHeld(digest, reason);
    }
  }

  private void quarantineHeld(Digest digest, String reason) throws IOException {
    // Without its row the file is an orphan: after a crash here, recovery hashes it and goes on.
    parts.ledger().forget(digest);
    blobs.forget(digest);
    files.moveToQuarantine(digest, reason);
  }
}
