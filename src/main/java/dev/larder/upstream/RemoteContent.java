package dev.larder.upstream;

import dev.larder.content.ByteRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one object at an upstream, to be asked for whole or in ranges, as often as needed.
 * Safe for concurrent use: several ranges are fetched over several connections.
 */
public interface RemoteContent {
  /** Safe to log: the repo and file, never an address with a signature. */
  String description();

  /**
   * Opens a body. Without {@code range} the whole object is asked for. {@code validator} is the
   * strong entity tag an earlier body of the same object had: it goes into {@code If-Range}.
   *
   * <p>Blocks until the response's head is there. Throws {@link UpstreamException}. The answer may
   * be the whole object although a range was asked for: look at {@link Body#start()} and {@link
   * Body#partial()}.
   */
  default Body open(@Nullable ByteRange range, @Nullable String validator) {
    return open(range, validator, Deadline.NEVER);
  }

  /** For a caller that needs the response's head by {@code by}, if not sooner. */
  Body open(@Nullable ByteRange range, @Nullable String validator, Deadline by);

  /**
   * One response body. For one thread; {@link #close()} may come from another and makes a blocked
   * read fail.
   */
  interface Body extends AutoCloseable {
    /** Whether this is the range asked for (206) and not the whole object (200). */
    boolean partial();

    /** Offset in the object of the first byte of this body. */
    long start();

    /** Offset after the last byte of this body, -1 when the upstream did not say. */
    long end();

    /** Size of the whole object, when the upstream said. */
    long totalBytes();

    /** A strong entity tag, when there is one: the same tag means the same bytes. */
    Optional<String> validator();

    /**
     * Reads up to {@code length} bytes into {@code target}. -1 at the end of a complete body; a
     * body that ends before its declared length, stalls, or is slower than the lowest rate throws
     * {@link UpstreamException.UpstreamUnreachable}.
     */
    int read(byte[] target, int offset, int length);

    /** Lets the connection be used again when the body was read to its end, else closes it. */
    @Override
    void close();
  }
}
