package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.DiskFailure;
import dev.larder.content.FileStat;
import dev.larder.content.ReadableFile;
import dev.larder.store.BlobStore.Inspection;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** See {@link BlobStore#inspect}. */
record BlobInspection(Disk disk, Path file, Digest digest) {
  Inspection run(LongConsumer hashed) {
    try {
      FileStat stat = disk.stat(file).orElse(null);
      return stat == null ? new Inspection.Missing() : read(stat, hashed);
    } catch (NoSuchFileException _) {
      return new Inspection.Missing(); // It went between the two looks.
    } catch (IOException e) {
      throw StoreFailures.of("hash blob " + digest, e);
    }
  }

  private Inspection read(FileStat stat, LongConsumer hashed) throws IOException {
    try (ReadableFile bytes = disk.openQuietly(file)) {
      Digest found = BlobHasher.hash(bytes, digest, hashed).digest();
      return found.equals(digest)
          ? new Inspection.Sound(stat.sizeBytes())
          : new Inspection.Damaged(found, stat.fingerprint());
    } catch (IOException e) {
      if (StoreFailures.badSector(e)) {
        return new Inspection.Unreadable(DiskFailure.reason(e), stat.fingerprint());
      }
      throw e;
    }
  }
}
