package dev.larder.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * A directory that stays the same one while it is open, whatever becomes of its name. What is in it
 * is named through {@code /proc}.
 */
record OpenDirectory(int descriptor) implements AutoCloseable {
  static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final int DIRECTORY = Posix.O_PATH | Posix.O_DIRECTORY;

  /** {@code directory} itself may be a link. */
  static OpenDirectory of(Path directory) throws IOException {
    return new OpenDirectory(Posix.open(directory, DIRECTORY, 0));
  }

  /** {@code directory}, which is {@code top} or below it; no link below {@code top} is followed. */
  static OpenDirectory of(Path directory, Path top) throws IOException {
    OpenDirectory at = of(top);
    Path shown = top;
    for (Path part : top.relativize(directory)) {
      if (!part.toString().isEmpty()) {
        shown = shown.resolve(part);
        at = at.below(part, shown);
      }
    }
    return at;
  }

  Path path() {
    return OPEN_FILES.resolve(Integer.toString(descriptor));
  }

  /** What the last part of {@code path} names in here. */
  Path name(Path path) {
    return path().resolve(path.getFileName());
  }

  /** The directory {@code part} in here, which messages call {@code shown}; closes this one. */
  OpenDirectory below(Path part, Path shown) throws IOException {
    try (this) {
      if (part.toString().equals("..")) {
        throw new FileSystemException(shown.toString(), null, "it leads up");
      }
      return new OpenDirectory(Posix.open(name(part), DIRECTORY | Posix.O_NOFOLLOW, 0));
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw named(e, shown);
    } catch (FileSystemException e) {
      FileSystemException refused =
          new FileSystemException(
              shown.toString(), null, "a directory is needed there, links are not followed");
      refused.initCause(e);
      throw refused;
    }
  }

  /**
   * The failure as if {@code path} had been taken and not the way through {@code /proc}: of every
   * kind that somebody asks for.
   */
  static FileSystemException named(FileSystemException e, Path path) {
    if (!String.valueOf(e.getFile()).startsWith(OPEN_FILES.toString())) {
      return e;
    }
    FileSystemException same =
        switch (e) {
          case NoSuchFileException _ -> new NoSuchFileException(path.toString());
          case FileAlreadyExistsException _ -> new FileAlreadyExistsException(path.toString());
          case AccessDeniedException _ -> new AccessDeniedException(path.toString());
          case DirectoryNotEmptyException _ -> new DirectoryNotEmptyException(path.toString());
          case NotDirectoryException _ -> new NotDirectoryException(path.toString());
          default -> new FileSystemException(path.toString(), null, e.getReason());
        };
    same.addSuppressed(e);
    return same;
  }

  @Override
  public void close() throws IOException {
    Posix.close(descriptor);
  }
}
