package dev.larder.hubcache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Exclusive {@code flock(2)} locks on files, which Python's {@code filelock} respects. */
interface Flocks {
  /**
   * Tries once. Creates the file, 0664, when it is missing; it is never removed, for then two
   * processes could hold one name. Empty when somebody else holds it.
   */
  Optional<AutoCloseable> tryAcquire(Path file) throws IOException;
}
