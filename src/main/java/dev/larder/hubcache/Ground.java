package dev.larder.hubcache;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Steps on the cache directory that every writer needs. No directory below the root is entered
 * through a symbolic link: a planted {@code blobs -> /etc} is refused, not followed. One that is
 * planted between the look and the step is refused by a {@link dev.larder.store.LocalDisk#fenced}
 * disk.
 */
final class Ground {
  private static final Pattern UMASK = Pattern.compile("(?m)^Umask:\\s*([0-7]+)$");

  /** A neighbour may win every race for a name, but not for ever. */
  static final int MAX_TRIES = 8;

  final Path root;
  final Disk disk;
  private final TempNames temps;
  private final int sharedMode = 0666 & ~umask();

  Ground(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
    temps = new TempNames(disk);
  }

  /** Makes {@code directory}, below the root, be there. */
  void ensureDirectory(Path directory) throws IOException {
    Path at = root;
    for (Path part : root.relativize(directory)) {
      at = at.resolve(part);
      Optional<FileStat> stat = disk.stat(at);
      if (stat.isEmpty()) {
        disk.createDirectories(directory);
        return;
      }
      if (stat.get().kind() != Kind.DIRECTORY) {
        throw new FileSystemException(
            at.toString(), null, "a directory is needed there, links are not followed");
      }
    }
  }

  /**
   * What keeps {@code directory} from being a real directory below the root: its first part that is
   * missing or something else. Empty when nothing does.
   */
  Optional<Path> obstacle(Path directory) throws IOException {
    Path at = root;
    for (Path part : root.relativize(directory)) {
      at = at.resolve(part);
      Optional<FileStat> stat = disk.stat(at);
      if (stat.isEmpty() || stat.get().kind() != Kind.DIRECTORY) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** Whether {@code path} is a regular file that is reached without any link. */
  boolean isFile(Path path) throws IOException {
    return obstacle(HubLayout.parent(path)).isEmpty()
        && disk.stat(path).filter(stat -> stat.kind() == Kind.FILE).isPresent();
  }

  /** Whether this user may read {@code file}, or it is none. */
  boolean mayRead(Path file) throws IOException {
    if (!isFile(file)) {
      return true;
    }
    try (var _ = disk.openRead(file)) {
      return true;
    } catch (AccessDeniedException _) {
      return false; // That is the answer.
    } catch (NoSuchFileException _) {
      return true; // Removed since it was seen.
    }
  }

  /** The bytes of a regular file of at most {@code limit}; empty when it is none. */
  Optional<byte[]> read(Path path, long limit) throws IOException {
    if (!isFile(path)) {
      return Optional.empty();
    }
    try (var channel = disk.openRead(path)) {
      long size = channel.size();
      if (size > limit) {
        return Optional.empty();
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // Read on: a short read is not the end.
      }
      byte[] read = new byte[bytes.position()];
      bytes.flip().get(read);
      return Optional.of(read);
    } catch (NoSuchFileException _) {
      return Optional.empty(); // Removed since it was seen.
    }
  }

  /**
   * Writes {@code path} whole or not at all, durably. The bytes wait in {@code blobs}, where Python
   * never mistakes them for a ref or an entry, see {@link TempNames}.
   */
  void replace(Path path, byte[] bytes, Path blobs) throws IOException {
    ensureDirectory(HubLayout.parent(path));
    for (int tries = 1; !replaced(path, bytes, blobs, tries); tries++) {
      // The waiting file was swept away: once more.
    }
    disk.syncDirectory(HubLayout.parent(path));
  }

  private boolean replaced(Path path, byte[] bytes, Path blobs, int tries) throws IOException {
    Path temp = createTemp(blobs, bytes);
    try {
      disk.rename(temp, path);
      return true;
    } catch (NoSuchFileException e) {
      if (tries == MAX_TRIES) {
        throw e;
      }
      return false;
    } finally {
      disk.delete(temp);
    }
  }

  private Path createTemp(Path blobs, byte[] bytes) throws IOException {
    ensureDirectory(blobs);
    while (true) {
      Path temp = TempNames.fresh(blobs);
      try {
        create(temp, bytes);
        temps.sweepOnce(blobs, temp);
        return temp;
      } catch (FileAlreadyExistsException _) {
        // Somebody's name; the next one is free.
      }
    }
  }

  /**
   * Makes a small file with these bytes and makes them durable; leaves none behind when that fails.
   * {@code FileAlreadyExistsException} when the name is taken.
   */
  void create(Path path, byte[] bytes) throws IOException {
    try (WritableFile file = disk.create(path)) {
      try {
        file.write(ByteBuffer.wrap(bytes), 0);
        disk.chmod(path, sharedMode);
        file.sync();
      } catch (IOException e) {
        disk.delete(path);
        throw e;
      }
    }
  }

  /** The mode an ordinary new file gets, so that other users of a shared cache can read it. */
  int sharedMode() {
    return sharedMode;
  }

  /** Java has no word for it; the kernel tells since Linux 4.7. */
  private static int umask() {
    try {
      String status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.US_ASCII);
      Matcher umask = UMASK.matcher(status);
      return umask.find() ? Integer.parseInt(umask.group(1), 8) : 0022;
    } catch (IOException _) {
      return 0022; // A system without /proc: what nearly every one sets.
    }
  }
}
