package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.LarderException;
import dev.larder.store.BlobLedger.BlobRow;
import dev.larder.store.BlobLedger.State;
import dev.larder.store.Reservations.Reservation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private volatile Runnable growth = () -> {};

  Shelf(StoreParts parts, OpenBlobs open) {
    this.parts = parts;
    this.files = new BlobFiles(parts);
    this.open = open;
    this.blobs = new PublishedBlobs(parts, open);
  }

  /** {@code told} runs after each publication, and returns at once. */
  void onGrowth(Runnable told) {
    growth = told;
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
   * takes its name in {@code tmp} away. When the blob is there already, only that. {@code room}:
   * what was reserved for it, if anything was.
   */
  void publish(Path file, Digest digest, @Nullable Reservation room) throws IOException {
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
        record(digest, room);
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
      // Both looks below check what has the name, and take it away when it is damaged.
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

  /** What became of a file in the store without a row. */
  enum Orphan {
    /** There is none, or it has a row by now. */
    NONE,
    RECORDED,
    QUARANTINED
  }

  /** A file in the store without a row: recorded when it is sound, else quarantined. */
  Orphan adoptOrphan(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      if (blobs.find(digest).isPresent() || files.stat(digest).isEmpty()) {
        return Orphan.NONE;
      }
      return adoptHeld(digest) ? Orphan.RECORDED : Orphan.QUARANTINED;
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
    record(digest, null);
    return true;
  }

  private void record(Digest digest, @Nullable Reservation room) throws IOException {
    Fingerprint now = files.fingerprint(digest);
    parts.suspects().published(now.changedNanos());
    parts.ledger().put(new BlobRow(digest, now, State.READY));
    blobs.forget(digest);
    blobs.put(digest, now, room);
    parts.quarantine().replaced(digest);
    growth.run();
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
      parts.ledger().lost(digest);
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
      removeUnheld(blob);
      return BlobStore.Removal.REMOVED;
    }
  }

  private void removeUnheld(PublishedBlob blob) throws IOException {
    Digest digest = blob.digest();
    boolean gone = false;
    try {
      parts.ledger().put(new BlobRow(digest, blob.fingerprint(), State.DELETING));
      unlink(blob);
      gone = true;
      parts.suspects().cleared(digest);
      forgetRemoved(digest);
    } finally {
      if (!gone) {
        // Nothing has happened to it: it is as good as before, and its bytes are counted on.
        blobs.put(digest, blob.fingerprint());
      }
      // When it failed after that the next start, or the next publication, finishes it.
      parts.reservations().stored(-blob.sizeBytes());
    }
  }

  /** When that fails the blob stays, and its row says so again. */
  private void unlink(PublishedBlob blob) throws IOException {
    try {
      parts.disk().delete(files.name(blob.digest()));
    } catch (IOException e) {
      try {
        parts.ledger().put(new BlobRow(blob.digest(), blob.fingerprint(), State.READY));
      } catch (LarderException noRow) {
        e.addSuppressed(noRow); // The next start removes it, unless a new link writes the row.
      }
      throw e;
    }
  }

  /** What is left to do for a row that says DELETING. */
  void finishRemoval(Digest digest) throws IOException {
    parts.disk().delete(files.name(digest));
    forgetRemoved(digest);
  }

  private void forgetRemoved(Digest digest) throws IOException {
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

  /** See {@link BlobStore#quarantine}. */
  boolean quarantine(Digest digest, Fingerprint seen, String reason) throws IOException {
    try (var _ = locks.hold(digest)) {
      Fingerprint now = files.stat(digest).map(FileStat::fingerprint).orElse(null);
      boolean same =
          now != null && (now.equals(seen) || BlobFiles.onlyChangeTimeDiffers(seen, now));
      if (same) {
        quarantineHeld(digest, reason);
      }
      return same;
    }
  }

  private void quarantineHeld(Digest digest, String reason) throws IOException {
    parts.quarantine().awaiting(digest); // Nobody finds it absent while it is on its way.
    boolean moved = false;
    try {
      // Without its row the file is an orphan: after a crash here, recovery hashes it and goes on.
      parts.ledger().lost(digest);
      blobs.forget(digest);
      moved = files.moveToQuarantine(digest, reason);
    } finally {
      if (!moved) {
        parts.quarantine().replaced(digest);
      }
    }
  }
}
