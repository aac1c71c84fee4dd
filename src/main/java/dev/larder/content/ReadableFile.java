package dev.larder.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that is read from end to end for its own sake. For one thread. */
public interface ReadableFile extends AutoCloseable {
  /** As {@link java.nio.channels.FileChannel#read(ByteBuffer, long)}; may well read less. */
  int read(ByteBuffer into, long position) throws IOException;

  long size() throws IOException;

  @Override
  void close() throws IOException;
}
