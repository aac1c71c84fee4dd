package dev.larder.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An exclusive {@code flock(2)} on a file, held until {@link #close()} or the end of the process.
 * It excludes every other holder, in this process, in Python or in a shell; Java's own file locks
 * would not ({@code fcntl} and {@code flock} do not see each other on a local disk). Child
 * processes do not inherit it. The file is never removed: a removed lock file has two holders.
 */
public final class Flock implements AutoCloseable {
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
    int descriptor = Posix.open(path, Posix.O_RDWR | Posix.O_CREAT | Posix.O_NOFOLLOW, mode);
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

  public Path path() {
    return path;
  }

  /** Gives the lock back. Repeating it does nothing. */
  @Override
  public synchronized void close() throws IOException {
    if (descriptor >= 0) {
      int held = descriptor;
      descriptor = -1;
      Posix.close(held);
    }
  }
}
