package dev.larder.transfer;

import dev.larder.content.ByteRange;
import java.nio.channels.FileChannel;

/**
 * One reader of a flight. Follows the bytes of its range as they land, in the flight's own file.
 * For one thread; {@link #close()} may come from any.
 */
public interface FlightReader extends AutoCloseable {
  /** What was asked for. */
  ByteRange range();

  /** Whether the flight was under way already when this reader came. */
  boolean joined();

  /**
   * Blocks until a byte at {@code position} may be given on, and returns the end (exclusive) of
   * what may be given on from there, never past the range. For a range that ends the file the last
   * block is held back until the hash matched. Throws {@link TransferException} when it will not
   * come.
   */
  long awaitReadable(long position);

  /**
   * Blocks until the whole object is verified, durable and published. Only for a reader of the
   * whole file. Throws {@link TransferException} when that will not be.
   */
  void awaitPublished(Flights.ProgressListener progress);

  /**
   * For reading at positions below what {@link #awaitReadable} returned, until {@link #close()}.
   */
  FileChannel channel();

  /** Leaves the flight. Repeating it does nothing. */
  @Override
  void close();
}
