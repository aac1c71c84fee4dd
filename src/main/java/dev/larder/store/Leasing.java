package dev.larder.store;

import dev.larder.content.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Gives out leases, of the store's own files before others'. See {@link BlobStore#lease}. */
final class Leasing implements AutoCloseable {
  private final Shelf shelf;
  private final Borrowed borrowed;
  private final Rechecks rechecks = new Rechecks();

  Leasing(Shelf shelf, Borrowed borrowed) {
    this.shelf = shelf;
    this.borrowed = borrowed;
  }

  /** Where {@code digest} is read from. */
  BlobSource source(Digest digest) {
    return shelf.find(digest).isPresent() || borrowed.find(digest).isEmpty() ? shelf : borrowed;
  }

  Optional<BlobLease> lease(Digest digest) throws IOException {
    BlobSource source = source(digest);
    PublishedBlob blob = source.find(digest).orElse(null);
    if (blob == null) {
      return Optional.empty();
    }
    if (!blob.acquire()) {
      // It left, or its file was hashed again and there is a new entry for it.
      boolean renewed = source(digest).find(digest).filter(now -> now != blob).isPresent();
      return renewed ? lease(digest) : Optional.empty();
    }
    boolean given = false;
    try {
      if (source.isTrusted(blob)) {
        Optional<BlobLease> lease =
            Optional.of(new LocalBlobLease(this, source, blob, source.channel(blob)));
        given = true;
        return lease;
      }
    } finally {
      if (!given) {
        blob.release();
      }
    }
    Optional<PublishedBlob> sound = rechecks.ask(digest, () -> source.recheck(digest));
    return sound.isPresent() ? lease(digest) : Optional.empty();
  }

  /** A borrowed file never: it may lie on a disk that makes its readers wait. */
  Optional<BlobLease> tryLease(Digest digest) {
    PublishedBlob blob = shelf.find(digest).orElse(null);
    if (blob == null || !blob.isOpen() || !blob.acquire()) {
      return Optional.empty();
    }
    FileChannel channel = blob.openChannel();
    try {
      if (channel != null && shelf.isTrusted(blob)) {
        return Optional.of(new LocalBlobLease(this, shelf, blob, channel));
      }
    } catch (IOException e) {
      StoreLog.LOG.debug("no quick lease of {}", digest, e);
    }
    blob.release();
    return Optional.empty();
  }

  boolean isLeased(Digest digest) {
    return source(digest).find(digest).filter(PublishedBlob::isHeld).isPresent();
  }

  boolean isOpen(Digest digest) {
    PublishedBlob blob = shelf.find(digest).orElse(null);
    try {
      return blob != null && blob.isOpen() && shelf.isTrusted(blob);
    } catch (IOException e) {
      StoreLog.LOG.debug("{} cannot be looked at", digest, e);
      return false;
    }
  }

  /** For a holder of {@code blob}. */
  boolean isUnchanged(BlobSource source, PublishedBlob blob) {
    try {
      return source.isTrusted(blob);
    } catch (IOException e) {
      StoreLog.LOG.debug("{} cannot be looked at", blob.digest(), e);
      return false;
    }
  }

  /** For a holder of {@code blob}, whose channel goes on reading the file that it was opened on. */
  boolean isSound(BlobSource source, PublishedBlob blob) {
    try {
      return rechecks
          .ask(blob.digest(), () -> source.recheck(blob.digest()))
          .filter(now -> now.fingerprint().inode() == blob.fingerprint().inode())
          .isPresent();
    } catch (IOException e) {
      throw StoreFailures.of("look at blob " + blob.digest() + " again", e);
    }
  }

  @Override
  public void close() {
    rechecks.close();
  }
}
