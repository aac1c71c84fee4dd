package dev.larder.store;

import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.WritableFile;
import dev.larder.store.Reservations.Reservation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes and removes {@link PrivateCopy directories of copies} in {@code tmp}. */
final class PrivateCopies {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int READ_ONLY = 0400;

  private final StoreParts parts;
  private final Attempts attempts;
  private final BlobFinder finder;

  /** Where the file of a lease lies. */
  interface BlobFinder {
    Path path(BlobLease lease);
  }

  PrivateCopies(StoreParts parts, Attempts attempts, BlobFinder finder) {
    this.parts = parts;
    this.attempts = attempts;
    this.finder = finder;
  }

  private Disk disk() {
    return parts.disk();
  }

  /** Room is reserved before the first byte and until it is closed. */
  PrivateCopy of(Map<EntryPath, BlobLease> files) throws IOException {
    Path directory = parts.layout().tmp().resolve(BlobLayout.uniqueName() + BlobLayout.COPY);
    long sizeBytes = files.values().stream().mapToLong(BlobLease::sizeBytes).sum();
    Reservation room = attempts.reserve("copies of " + files.size() + " files", sizeBytes);
    attempts.own(directory, sizeBytes);
    Copy copy = new Copy(directory, room);
    try {
      disk().createDirectories(directory);
      for (Map.Entry<EntryPath, BlobLease> file : files.entrySet()) {
        put(directory.resolve(file.getKey().requireOrdinary().value()), file.getValue());
      }
      room.written(sizeBytes);
      return copy;
    } catch (Throwable e) { // Also an Error: room and directory would be taken for ever.
      try (copy) {
        throw e;
      }
    }
  }

  private void put(Path file, BlobLease lease) throws IOException {
    disk().createDirectories(Objects.requireNonNull(file.getParent()));
    if (!disk().cloneFile(finder.path(lease), file)) {
      write(file, lease);
    }
    disk().chmod(file, READ_ONLY);
    FileStat stat = disk().stat(file).orElseThrow(() -> new IOException(file + " is gone"));
    if (stat.sizeBytes() != lease.sizeBytes() || !lease.isSound()) {
      throw new IOException(
          "the blob " + lease.digest() + " was written to while it was copied; try again");
    }
  }

  private void write(Path file, BlobLease lease) throws IOException {
    FileChannel from = lease.channel();
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    try (WritableFile to = disk().create(file)) {
      for (long at = 0; at < lease.sizeBytes(); ) {
        int count = from.read(block.clear(), at);
        if (count < 0) {
          throw new IOException("the blob " + lease.digest() + " is shorter than it was");
        }
        to.write(block.flip(), at);
        at += count;
      }
    }
  }

  /** Removes such a directory, of this process or of one that crashed. */
  static void remove(Disk disk, Path directory) throws IOException {
    for (Path each : disk.list(directory)) {
      if (isDirectory(disk, each)) {
        remove(disk, each);
      } else {
        disk.delete(each);
      }
    }
    disk.delete(directory);
  }

  /** Whether it is a directory that only {@link #of} makes. */
  static boolean isOne(Path file, FileStat stat) {
    return stat.kind() == FileStat.Kind.DIRECTORY
        && BlobLayout.fileName(file).endsWith(BlobLayout.COPY);
  }

  private static boolean isDirectory(Disk disk, Path path) throws IOException {
    return disk.stat(path).filter(stat -> stat.kind() == FileStat.Kind.DIRECTORY).isPresent();
  }

  /** One that is there. */
  private final class Copy implements PrivateCopy {
    private final Path directory;
    private final Reservation room;
    private final AtomicBoolean closed = new AtomicBoolean();

    Copy(Path directory, Reservation room) {
      this.directory = directory;
      this.room = room;
    }

    @Override
    public Path directory() {
      return directory;
    }

    @Override
    public void close() {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      try {
        remove(disk(), directory);
      } catch (IOException e) {
        StoreLog.LOG.warn("removing {} failed; the next start tries again", directory, e);
      } finally {
        room.release();
        attempts.disown(directory);
      }
    }
  }
}
