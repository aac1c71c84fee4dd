package dev.larder.store;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.ReadableFile;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A disk on which no step below one directory, that others write to as well, goes through a
 * symbolic link: not even when somebody puts a link in the place of a directory after Larder looked
 * and before it acts. Each step down opens the next directory by its own name in the one before,
 * and the change is made in the directory that is open then: see {@link OpenDirectory}.
 *
 * <p>Files are opened and directories listed in the same way. Only {@code stat} takes the ordinary
 * one: it is asked before every lease of a file that is served in place, and shows no bytes. Links
 * on the way to the fenced directory are its operator's and are followed.
 */
final class FencedDisk implements Disk {
  private final Disk disk;
  private final Path fence;

  FencedDisk(Disk disk, Path fence) {
    this.disk = disk;
    this.fence = fence;
  }

  private interface Change<T> {
    T make(Path reached) throws IOException;
  }

  /** Makes a change to the name {@code path}, whatever becomes of the way to it meanwhile. */
  private <T> T at(Path path, Change<T> change) throws IOException {
    if (!path.startsWith(fence) || path.equals(fence)) {
      return change.make(path);
    }
    try (OpenDirectory parent = parent(path)) {
      return change.make(parent.name(path));
    } catch (FileSystemException e) {
      throw OpenDirectory.named(e, path);
    }
  }

  private void change(Path path, Step step) throws IOException {
    Boolean _ =
        at(
            path,
            reached -> {
              step.make(reached);
              return true;
            });
  }

  private interface Step {
    void make(Path reached) throws IOException;
  }

  private OpenDirectory parent(Path path) throws IOException {
    return OpenDirectory.of(
        Objects.requireNonNull(path.getParent(), "a path below the fence"), fence);
  }

  @Override
  public WritableFile create(Path path) throws IOException {
    return path.startsWith(fence) ? held(path, disk::create) : disk.create(path);
  }

  @Override
  public WritableFile reopen(Path path) throws IOException {
    return path.startsWith(fence) ? held(path, disk::reopen) : disk.reopen(path);
  }

  /** The file may have to find its own name again, so the way to it stays open as long. */
  private WritableFile held(Path path, Change<WritableFile> opening) throws IOException {
    return in(parent(path), path, parent -> new HeldFile(opening.make(parent.name(path)), parent));
  }

  private interface Work<T> {
    T with(OpenDirectory directory) throws IOException;
  }

  /** Leaves the directory open when the work went well. */
  private static <T> T in(OpenDirectory directory, Path shown, Work<T> work) throws IOException {
    try {
      return work.with(directory);
    } catch (FileSystemException e) {
      directory.close();
      throw OpenDirectory.named(e, shown);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    change(existing, from -> change(name, to -> disk.link(from, to)));
  }

  @Override
  public boolean cloneFile(Path from, Path to) throws IOException {
    return at(to, reached -> disk.cloneFile(from, reached));
  }

  @Override
  public void symlink(Path name, Path target) throws IOException {
    change(name, reached -> disk.symlink(reached, target));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change(from, source -> change(to, target -> disk.rename(source, target)));
  }

  @Override
  public void delete(Path path) throws IOException {
    try {
      change(path, disk::delete);
    } catch (NoSuchFileException _) {
      // Its directory went: as the port says, no matter.
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory.startsWith(fence) ? fence : directory);
    if (directory.startsWith(fence) && !directory.equals(fence)) {
      OpenDirectory at = OpenDirectory.of(fence);
      Path shown = fence;
      for (Path part : fence.relativize(directory)) {
        shown = shown.resolve(part);
        at = made(at, part, shown);
      }
      at.close();
    }
  }

  /** Closes {@code parent}. */
  private OpenDirectory made(OpenDirectory parent, Path part, Path shown) throws IOException {
    return in(parent, shown, at -> make(at, part)).below(part, shown);
  }

  private OpenDirectory make(OpenDirectory parent, Path part) throws IOException {
    try {
      Files.createDirectory(parent.name(part));
      disk.syncDirectory(parent.path());
    } catch (FileAlreadyExistsException _) {
      // Going into it tells whether it is a directory.
    }
    return parent;
  }

  @Override
  public void syncFile(Path path) throws IOException {
    change(path, disk::syncFile);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (!directory.startsWith(fence)) {
      disk.syncDirectory(directory);
      return;
    }
    try (OpenDirectory open = OpenDirectory.of(directory, fence)) {
      disk.syncDirectory(open.path());
    } catch (FileSystemException e) {
      throw OpenDirectory.named(e, directory);
    }
  }

  @Override
  public void chmod(Path path, int mode) throws IOException {
    change(path, reached -> disk.chmod(reached, mode));
  }

  @Override
  public void setTimes(Path path, long modifiedNanos, long accessedNanos) throws IOException {
    change(path, reached -> disk.setTimes(reached, modifiedNanos, accessedNanos));
  }

  @Override
  public FileChannel openRead(Path path) throws IOException {
    return at(path, disk::openRead);
  }

  @Override
  public ReadableFile openQuietly(Path path) throws IOException {
    return at(path, disk::openQuietly);
  }

  @Override
  public Optional<FileStat> stat(Path path) throws IOException {
    return disk.stat(path);
  }

  @Override
  public List<Optional<FileStat>> statAll(Path directory, List<String> names) throws IOException {
    return disk.statAll(directory, names);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    if (!directory.startsWith(fence) || directory.equals(fence)) {
      return disk.list(directory);
    }
    try (OpenDirectory open = OpenDirectory.of(directory, fence)) {
      return disk.list(open.path()).stream()
          .map(name -> directory.resolve(name.getFileName()))
          .toList();
    } catch (NoSuchFileException _) {
      return List.of(); // As the port says.
    } catch (FileSystemException e) {
      throw OpenDirectory.named(e, directory);
    }
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    return disk.freeBytes(path);
  }
}
