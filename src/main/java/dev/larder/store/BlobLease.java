package dev.larder.store;

import dev.larder.content.Digest;
import java.nio.channels.FileChannel;

/**
 * The right to read one blob. While it is held the blob is not removed and its channel stays open.
 * Close it once.
 */
public interface BlobLease extends AutoCloseable {
  Digest digest();

  long sizeBytes();

  /** Shared: read at positions only, never close it. */
  FileChannel channel();

  /** Gives the right back. Repeating it does nothing. */
  @Override
  void close();
}
