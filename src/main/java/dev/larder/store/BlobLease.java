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

  /** Whether the file is as it was when its bytes proved right. One {@code stat}. */
  boolean isUnchanged();

  /**
   * Whether the file behind {@link #channel} holds the blob's bytes now: hashes it when it changed,
   * as {@link BlobStore#lease} does. What was read from it before may still have been others.
   */
  boolean isSound();

  /** Gives the right back. Repeating it does nothing. */
  @Override
  void close();
}
