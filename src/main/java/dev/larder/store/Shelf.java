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
import java.util.concurrent.ConcurrentHashMap;

/**
 * The published blobs, and the only code that gives a file a name in {@code store} or takes it
 * away.
 *
 * <p>Order of publishing: bytes durable and 0444, name, directory durable, attempt's name gone,
 * row. The attempt's name goes before the row because unlinking changes the ctime that the row
 * records; a crash between leaves a durable blob without a row, which recovery hashes and adopts.
 * Removing is the reverse: row marked, name gone, directory durable, row gone.
 */
final class Shelf {
  private final StoreParts parts;
  private final ConcurrentHashMap<Digest, PublishedBlob> blobs = new ConcurrentHashMap<>();
  private final DigestLocks locks = new DigestLocks();
  private final OpenBlobs open;

  Shelf(StoreParts parts, int openChannels) {
    this.parts = parts;
    this.open = new OpenBlobs(openChannels);
  }

  Optional<PublishedBlob> find(Digest digest) {
    return Optional.ofNullable(blobs.get(digest));
  }

  Collection<PublishedBlob> all() {
    return blobs.values();
  }

  /** From a row whose file is there, at start. */
  PublishedBlob put(Digest digest, Fingerprint fingerprint) {
    PublishedBlob blob = new PublishedBlob(digest, fingerprint);
    PublishedBlob before = blobs.put(digest, blob);
    if (before != null) {
      retire(before);
    }
    parts.reservations().stored(blob.sizeBytes());
    return blob;
  }

  /** The channel of a blob that the caller holds. */
  FileChannel channel(PublishedBlob blob) throws IOException {
    boolean wasOpen = blob.isOpen();
    Path path = parts.layout().blob(blob.digest());
    FileChannel channel = blob.channel(() -> parts.disk().openRead(path));
    if (!wasOpen) {
      open.opened(blob);
    }
    return channel;
  }

  /** The file under {@code blob}'s name as it is now. */
  Optional<FileStat> stat(PublishedBlob blob) throws IOException {
    return parts.disk().stat(parts.layout().blob(blob.digest()));
  }

  /**
   * Publishes {@code file}, whose bytes hash to {@code digest}, are durable and have no writer, and
   * takes its name in {@code tmp} away. When the blob is there already, only that.
   */
  void publish(Path file, Digest digest) throws IOException {
    Path shard = parts.layout().shard(digest);
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
    Path name = parts.layout().blob(digest);
    try {
      parts.disk().link(file, name);
      return true;
    } catch (FileAlreadyExistsException e) {
      PublishedBlob known = blobs.get(digest);
      if (known != null && recheckHeld(known).isPresent()) {
        return false;
      }
      if (parts.disk().stat(name).isPresent() && adoptHeld(digest)) {
        return false;
      }
      parts.disk().link(file, name);
      return true;
    }
  }

  /** A file in the store without a row: recorded when it is sound, else quarantined. */
  boolean adoptOrphan(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      return blobs.containsKey(digest) || adoptHeld(digest);
    }
  }

  private boolean adoptHeld(Digest digest) throws IOException {
    Path name = parts.layout().blob(digest);
    if (parts.disk().stat(name).isEmpty()) {
      return false;
    }
    if (!hash(name, digest).equals(digest)) {
      moveToQuarantine(digest, "mismatch");
      return false;
    }
    parts.disk().chmod(name, 0444);
    parts.disk().syncFile(name);
    parts.disk().syncDirectory(parts.layout().shard(digest));
    record(digest);
    return true;
  }

  private void record(Digest digest) throws IOException {
    Path name = parts.layout().blob(digest);
    FileStat stat =
        parts.disk().stat(name).orElseThrow(() -> new IOException(name + " has disappeared"));
    parts.ledger().put(new BlobRow(digest, stat.fingerprint(), State.READY));
    forget(digest);
    put(digest, stat.fingerprint());
    parts.quarantine().replaced(digest);
  }

  /** Drops what memory holds of {@code digest}; leases go on. */
  private void forget(Digest digest) {
    PublishedBlob blob = blobs.remove(digest);
    if (blob != null) {
      retire(blob);
      parts.reservations().stored(-blob.sizeBytes());
    }
  }

  private void retire(PublishedBlob blob) {
    open.forget(blob);
    blob.retire();
  }

  /**
   * Whether {@code blob} may still be served, by its fingerprint and, when that changed, by its
   * hash. Answers the entry to go on with; empty when the blob had to go.
   */
  Optional<PublishedBlob> recheck(PublishedBlob blob) throws IOException {
    try (var _ = locks.hold(blob.digest())) {
      return recheckHeld(blob);
    }
  }

  private Optional<PublishedBlob> recheckHeld(PublishedBlob blob) throws IOException {
    Digest digest = blob.digest();
    PublishedBlob current = blobs.get(digest);
    if (current == null) {
      return Optional.empty();
    }
    FileStat stat = stat(current).orElse(null);
    if (stat == null) {
      parts.ledger().forget(digest);
      forget(digest);
      return Optional.empty();
    }
    if (stat.fingerprint().equals(current.fingerprint())) {
      return Optional.of(current);
    }
    if (stat.sizeBytes() != current.sizeBytes() || !isSound(digest, stat)) {
      quarantineHeld(digest, "rewritten");
      return Optional.empty();
    }
    return Optional.of(refreshed(current, stat.fingerprint()));
  }

  private boolean isSound(Digest digest, FileStat before) throws IOException {
    Path name = parts.layout().blob(digest);
    return hash(name, digest).equals(digest)
        && parts
            .disk()
            .stat(name)
            .map(FileStat::fingerprint)
            .equals(Optional.of(before.fingerprint()));
  }

  private PublishedBlob refreshed(PublishedBlob current, Fingerprint now) {
    parts.ledger().put(new BlobRow(current.digest(), now, State.READY));
    if (now.inode() == current.fingerprint().inode()) {
      current.refresh(now);
      return current;
    }
    forget(current.digest());
    return put(current.digest(), now);
  }

  /** See {@link BlobStore#linkTo}. */
  void linkTo(Digest digest, Path name) throws IOException {
    // Under the lock: who finds the ctime changed meanwhile waits here and then sees the new one.
    try (var _ = locks.hold(digest)) {
      PublishedBlob blob = blobs.get(digest);
      boolean unchanged =
          blob != null
              && stat(blob).map(FileStat::fingerprint).equals(Optional.of(blob.fingerprint()));
      parts.disk().link(parts.layout().blob(digest), name);
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
    PublishedBlob blob = blobs.get(digest);
    FileStat stat = blob == null ? null : stat(blob).orElse(null);
    if (blob != null && stat != null && onlyChangeTimeDiffers(blob, stat)) {
      refreshed(blob, stat.fingerprint());
    }
  }

  private static boolean onlyChangeTimeDiffers(PublishedBlob blob, FileStat stat) {
    Fingerprint then = blob.fingerprint();
    Fingerprint now = stat.fingerprint();
    return now.changedNanos() != then.changedNanos()
        && now.equals(
            new Fingerprint(
                then.inode(), then.sizeBytes(), then.modifiedNanos(), now.changedNanos()));
  }

  BlobStore.Removal remove(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      PublishedBlob blob = blobs.get(digest);
      if (blob == null) {
        return BlobStore.Removal.ABSENT;
      }
      if (!blob.retireIfUnheld()) {
        return BlobStore.Removal.HELD;
      }
      blobs.remove(digest, blob);
      open.forget(blob);
      parts.ledger().put(new BlobRow(digest, blob.fingerprint(), State.DELETING));
      finishRemoval(digest);
      parts.reservations().stored(-blob.sizeBytes());
      return BlobStore.Removal.REMOVED;
    }
  }

  /** What is left to do for a row that says DELETING. */
  void finishRemoval(Digest digest) throws IOException {
    parts.disk().delete(parts.layout().blob(digest));
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
    forget(digest);
    moveToQuarantine(digest, reason);
  }

  private void moveToQuarantine(Digest digest, String reason) throws IOException {
    Path name = parts.layout().blob(digest);
    if (parts.disk().stat(name).isPresent()) {
      parts.quarantine().take(name, digest.hex(), reason);
      parts.disk().syncDirectory(parts.layout().shard(digest));
    }
  }

  private Digest hash(Path file, Digest digest) throws IOException {
    try (FileChannel channel = parts.disk().openRead(file)) {
      return BlobHasher.hash(channel, digest).digest();
    }
  }

  void close() {
    open.closeAll();
  }
}
