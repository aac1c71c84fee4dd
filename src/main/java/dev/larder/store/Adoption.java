package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.DiskFailure;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Identity;
import dev.larder.content.ReadableFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/** See {@link BlobStore#adopt}. */
final class Adoption {
  private static final int PUBLISHED = 0444;

  private final StoreParts parts;
  private final Shelf shelf;
  private final Borrowed borrowed;

  Adoption(StoreParts parts, Shelf shelf, Borrowed borrowed) {
    this.parts = parts;
    this.shelf = shelf;
    this.borrowed = borrowed;
  }

  Digest adopt(Path file, Identity expected, LongConsumer hashed) {
    Path link = parts.layout().tmp().resolve(BlobLayout.uniqueName() + BlobLayout.ADOPT);
    try {
      if (stat(file).kind() != FileStat.Kind.FILE) {
        throw new IOException(file + " is not an ordinary file");
      }
      Optional<String> refused;
      try {
        refused = linked(file, link);
        if (refused.isEmpty()) {
          return publish(link, expected, hashed);
        }
      } finally {
        disk().delete(link);
      }
      return borrowed.borrow(file, expected, refused.get());
    } catch (IOException e) {
      throw StoreFailures.of("take over " + file + " as " + expected, e);
    }
  }

  /** Makes {@code link} a second name of a file that may be sealed; else answers why not. */
  private Optional<String> linked(Path file, Path link) throws IOException {
    try {
      disk().link(file, link);
      // To learn now, not after the hashing, whether its mode may be changed.
      disk().chmod(link, stat(link).mode());
      return Optional.empty();
    } catch (FileSystemException e) {
      if (StoreFailures.refusesSharing(e)) {
        return Optional.of(DiskFailure.reason(e));
      }
      throw e;
    }
  }

  /** Nothing but the link is touched until its bytes proved right. */
  private Digest publish(Path link, Identity expected, LongConsumer progress) throws IOException {
    Fingerprint before = stat(link).fingerprint();
    BlobHasher.Hashed hashed = hash(link, expected, progress);
    if (!hashed.found().equals(expected)) {
      throw new StoreException.BlobMismatch(
          expected, hashed.found(), "the file was left where it is, nothing was stored");
    }
    requireUnchanged(link, before, stat(link).fingerprint());
    disk().chmod(link, PUBLISHED);
    disk().syncFile(link);
    // The mode changed the ctime; whoever wrote meanwhile changed the mtime as well.
    Fingerprint after = stat(link).fingerprint();
    requireUnchanged(
        link,
        before,
        new Fingerprint(
            after.inode(), after.sizeBytes(), after.modifiedNanos(), before.changedNanos()));
    shelf.publish(link, hashed.digest(), null);
    return hashed.digest();
  }

  private BlobHasher.Hashed hash(Path link, Identity expected, LongConsumer progress)
      throws IOException {
    try (ReadableFile bytes = disk().openQuietly(link)) {
      return BlobHasher.hash(bytes, expected, progress);
    }
  }

  private static void requireUnchanged(Path file, Fingerprint before, Fingerprint after)
      throws IOException {
    if (!before.equals(after)) {
      throw new IOException(file + " was written to while it was hashed");
    }
  }

  private FileStat stat(Path file) throws IOException {
    return disk().stat(file).orElseThrow(() -> new IOException(file + " is not there"));
  }

  private Disk disk() {
    return parts.disk();
  }
}
