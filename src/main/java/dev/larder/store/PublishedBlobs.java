package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.store.Reservations.Reservation;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What memory holds of the blobs of a {@link Shelf}, and their share of the stored bytes. Touches
 * no file and no row. Looking up is safe for concurrent use; whoever changes one blob holds its
 * digest's lock, or is alone, as recovery is.
 */
final class PublishedBlobs {
  private final StoreParts parts;
  private final OpenBlobs open;
  private final ConcurrentHashMap<Digest, PublishedBlob> blobs = new ConcurrentHashMap<>();

  PublishedBlobs(StoreParts parts, OpenBlobs open) {
    this.parts = parts;
    this.open = open;
  }

  Optional<PublishedBlob> find(Digest digest) {
    return Optional.ofNullable(blobs.get(digest));
  }

  Collection<PublishedBlob> all() {
    return blobs.values();
  }

  PublishedBlob put(Digest digest, Fingerprint fingerprint) {
    return put(digest, fingerprint, null);
  }

  /** {@code room}: what was reserved for it. */
  PublishedBlob put(Digest digest, Fingerprint fingerprint, @Nullable Reservation room) {
    PublishedBlob blob = new PublishedBlob(digest, fingerprint);
    PublishedBlob before = blobs.put(digest, blob);
    if (before != null) {
      retire(before);
    }
    parts.reservations().stored(blob.sizeBytes(), room);
    return blob;
  }

  /** The one for {@code now}: the same as before while its file is. */
  PublishedBlob refreshed(PublishedBlob blob, Fingerprint now) {
    if (now.inode() == blob.fingerprint().inode()) {
      blob.refresh(now);
      return blob;
    }
    forget(blob.digest());
    return put(blob.digest(), now);
  }

  /** Drops {@code digest}; leases go on. */
  void forget(Digest digest) {
    PublishedBlob blob = blobs.remove(digest);
    parts.suspects().cleared(digest);
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
   * Drops {@code blob} unless it is leased. Its bytes count as stored until they are gone, and what
   * is doubted stays so.
   */
  boolean removeIfUnheld(PublishedBlob blob) {
    if (!blob.retireIfUnheld()) {
      return false;
    }
    blobs.remove(blob.digest(), blob);
    open.forget(blob);
    return true;
  }
}
