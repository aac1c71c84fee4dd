package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Identity;

/**
 * Many blobs that come into the store together or not at all: all of them are written to {@code
 * tmp} and proved first, then published one by one. Until {@link #publish} nobody sees a byte, and
 * {@link #close} takes away what was not published; after a crash the next start does.
 *
 * <p>What it published or was told to keep stays in the store until it is closed. Holds no file
 * open between two calls. For one thread.
 */
public interface Intake extends AutoCloseable {
  /**
   * Writes and proves one blob; room for it is reserved before its first byte. Throws {@link
   * StoreException.BlobMismatch} when the bytes hash to something else, and {@link
   * StoreException.StoreFull} when they do not fit; then nothing of it is left.
   */
  Digest put(Identity expected, long sizeBytes, Bytes bytes);

  /**
   * Keeps a blob that is in the store already from being removed until {@link #close}. False when
   * there is no sound one. A file that is served in place cannot be kept: it is its owner's.
   */
  boolean keep(Digest digest);

  /** Whether {@code digest} was put and not published yet. */
  boolean holds(Digest digest);

  /** Waits until all that was put is durable: from here on publishing writes names only. */
  void seal();

  /** Makes one that was put a blob, and keeps it. Publishing what is there already is fine. */
  void publish(Digest digest);

  @Override
  void close();

  /** Where a blob's bytes come from. */
  interface Bytes {
    /**
     * Fills the buffer from its start; answers how many bytes, -1 at the end. What it throws goes
     * through unchanged.
     */
    int read(byte[] buffer);
  }
}
