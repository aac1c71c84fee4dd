package dev.larder.store;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.ReadableFile;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The file systems of this machine. Linux. */
public final class LocalDisk implements Disk {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PRIVATE_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  /**
   * The same, and no file below {@code directory} is opened, listed or changed through a symbolic
   * link there, whoever puts one in the place of a directory meanwhile. For a directory that others
   * write to as well.
   */
  public static Disk fenced(Path directory) {
    Disk disk = new LocalDisk();
    return Files.isDirectory(OpenDirectory.OPEN_FILES)
        ? new FencedDisk(disk, directory.toAbsolutePath().normalize())
        : disk;
  }

  @Override
  public WritableFile create(Path path) throws IOException {
    var options =
        Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            LinkOption.NOFOLLOW_LINKS);
    return new LocalFile(
        path, FileChannel.open(path, options, PosixFilePermissions.asFileAttribute(PRIVATE)));
  }

  @Override
  public WritableFile reopen(Path path) throws IOException {
    return new LocalFile(path, LocalFile.open(path));
  }

  @Override
  public FileChannel openRead(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public ReadableFile openQuietly(Path path) throws IOException {
    return QuietFile.open(path);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    Files.createLink(name, existing);
  }

  @Override
  public boolean cloneFile(Path from, Path to) throws IOException {
    int source = Posix.open(from, Posix.O_RDONLY | Posix.O_NOFOLLOW, 0);
    try (WritableFile _ = create(to)) {
      int target = Posix.open(to, Posix.O_RDWR | Posix.O_NOFOLLOW, 0);
      try {
        if (Posix.cloneExtents(target, source)) {
          return true;
        }
      } finally {
        Posix.close(target);
      }
    } finally {
      Posix.close(source);
    }
    delete(to);
    return false;
  }

  @Override
  public void symlink(Path name, Path target) throws IOException {
    Files.createSymbolicLink(name, target);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    createDirectories(directory, new FileAttribute<?>[0]);
  }

  /** As {@link #createDirectories}; when it makes {@code directory}, then for its owner alone. */
  void createPrivateDirectory(Path directory) throws IOException {
    createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
  }

  private void createDirectories(Path directory, FileAttribute<?>... attributes)
      throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent == null) {
      throw new NoSuchFileException(directory.toString());
    }
    createDirectories(parent);
    try {
      Files.createDirectory(directory, attributes);
    } catch (FileAlreadyExistsException _) {
      // Another thread or process was faster; or a file stands there.
      if (!Files.isDirectory(directory)) {
        throw new NotDirectoryException(directory.toString());
      }
    }
    syncDirectory(parent);
  }

  @Override
  public void syncFile(Path path) throws IOException {
    // Linux flushes through a read-only descriptor as well, so this works on 0444 files.
    Posix.sync(path, Posix.O_NOFOLLOW);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    // A directory may be reached by a link: an operator moves the root to another disk that way.
    Posix.sync(directory, 0);
  }

  @Override
  public void chmod(Path path, int mode) throws IOException {
    // Java's view with NOFOLLOW_LINKS follows all the same (JDK 25).
    int file = Posix.open(path, Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK, 0);
    try {
      Posix.chmod(file, path, mode);
    } finally {
      Posix.close(file);
    }
  }

  @Override
  public void setTimes(Path path, long modifiedNanos, long accessedNanos) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(
            FileTime.from(modifiedNanos, TimeUnit.NANOSECONDS),
            FileTime.from(accessedNanos, TimeUnit.NANOSECONDS),
            null);
  }

  @Override
  public Optional<FileStat> stat(Path path) throws IOException {
    return Posix.stat(path);
  }

  @Override
  public List<Optional<FileStat>> statAll(Path directory, List<String> names) throws IOException {
    return Posix.statAll(directory, names);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    try (Stream<Path> names = Files.list(directory)) {
      return names.sorted().toList();
    } catch (NoSuchFileException _) {
      return List.of(); // As the port says.
    }
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return path.toFile().getUsableSpace();
  }
}
