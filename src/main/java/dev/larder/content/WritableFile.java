package dev.larder.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A private file being written. Reads and writes at positions are safe for concurrent use. */
public interface WritableFile extends AutoCloseable {
  /** Writes all of {@code data} at {@code position}; the file grows, with a hole if need be. */
  void write(ByteBuffer data, long position) throws IOException;

  /** For reading what was written; valid until {@link #close()}. */
  FileChannel channel();

  /**
   * Makes the bytes durable. A failure is final: the system may have dropped what it could not
   * write.
   */
  void sync() throws IOException;

  void truncate(long sizeBytes) throws IOException;

  long size() throws IOException;

  @Override
  void close() throws IOException;
}
