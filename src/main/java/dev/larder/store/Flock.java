package dev.larder.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An exclusive {@code flock(2)} on a file, held until {@link #close()} or the end of the process.
 * It excludes every other holder, in this process, in Python or in a shell; Java's own file locks
 * would not ({@code fcntl} and {@code flock} do not see each other on a local disk). Child
 * processes do not inherit it. A lock file is never removed: a removed one has two holders.
 */
public final class Flock implements AutoCloseable {
  private static final int LOOK = Posix.O_NOFOLLOW | Posix.O_NONBLOCK;

  private final Path path;
  private int descriptor;

  private Flock(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /**
   * Tries once, without waiting; empty when somebody else holds it. The file is created with {@code
   * mode} (less the umask) when it is missing; a symbolic link in its place is refused.
   */
  public static Optional<Flock> tryAcquire(Path path, int mode) throws IOException {
    return tryOpened(path, Posix.open(path, Posix.O_RDWR | Posix.O_CREAT | Posix.O_NOFOLLOW, mode));
  }

  /**
   * The same of a file that exists, which need not be this user's to write. It is never made:
   * {@link java.nio.file.NoSuchFileException} when it is missing.
   */
  public static Optional<Flock> tryExisting(Path path) throws IOException {
    try {
      return tryOpened(path, Posix.open(path, Posix.O_RDWR | LOOK, 0));
    } catch (AccessDeniedException e) {
      return tryOpened(path, Posix.open(path, Posix.O_RDONLY | LOOK, 0));
    }
  }

  private static Optional<Flock> tryOpened(Path path, int descriptor) throws IOException {
    boolean held = false;
    try {
      held = Posix.flock(descriptor, path);
      return held ? Optional.of(new Flock(path, descriptor)) : Optional.empty();
    } finally {
      if (!held) {
        Posix.close(descriptor);
      }
    }
  }

  /** Whether somebody holds the lock of a file that exists. Makes and writes nothing. */
  public static boolean isHeld(Path path) throws IOException {
    int descriptor = Posix.open(path, Posix.O_RDONLY | LOOK, 0);
    try {
      if (!Posix.flock(descriptor, path)) {
        return true;
      }
      Posix.unlock(descriptor, path); // As in close(): closing alone is not enough.
      return false;
    } finally {
      Posix.close(descriptor);
    }
  }

  public Path path() {
    return path;
  }

  /** Gives the lock back. Repeating it does nothing. */
  @Override
  public synchronized void close() throws IOException {
    if (descriptor >= 0) {
      int held = descriptor;
      descriptor = -1;
      try {
        // Closing alone is not enough: a process that is just being started shares the descriptor
        // until it runs its program, and with it the lock.
        Posix.unlock(held, path);
      } finally {
        Posix.close(held);
      }
    }
  }
}
