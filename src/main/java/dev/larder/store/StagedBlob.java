package dev.larder.store;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;

/**
 * One attempt's bytes on their way to become a blob, in {@code tmp} under a name of its own.
 *
 * <p>Bytes may land in any order; what has landed is journalled, so that the attempt can go on
 * after a crash without fetching it again. {@link #commit} is the only way into the store and
 * publishes nothing that did not hash to what was expected. Safe for concurrent use: several
 * writers of different ranges, one hasher, many readers.
 */
public interface StagedBlob extends AutoCloseable {
  Identity expected();

  long sizeBytes();

  /** As given to {@link BlobStore#stage}, and what was noted since. */
  Map<String, String> label();

  /**
   * Notes {@code key} beside the bytes, durable with the next journal record: the validator of the
   * source, say.
   */
  void note(String key, String value);

  /** Writes {@code data} at {@code offset}; it counts as landed when this returns. */
  void write(long offset, ByteBuffer data);

  /** What has landed, ascending, merged, without gaps inside a range. */
  List<ByteRange> landed();

  /**
   * End of the landed range that holds {@code position}; {@code position} itself when nothing has
   * landed there.
   */
  long landedUntil(long position);

  /** Start of the first landed range at or after {@code position}; the size when there is none. */
  long nextLanded(long position);

  /**
   * For reading what has landed, at positions; valid until the attempt is closed, also after {@link
   * #commit}.
   */
  FileChannel channel();

  /**
   * Hashes on, in order, over what has landed since. Returns the bytes hashed so far, from the
   * start. For one thread; takes as long as hashing takes (about 1.5 GB/s), and stops early after
   * {@code limitBytes} more.
   */
  long hashForward(long limitBytes);

  /**
   * Compares the hash once all has landed, hashing what is left. From here on the bytes may be
   * given out whole. Throws {@link StoreException.BlobMismatch} after moving the bytes to
   * quarantine.
   */
  Digest verify();

  /**
   * Ends the attempt well: verifies if that was not done, makes the bytes durable and publishes the
   * blob. Publishing what is there already is fine. Throws as {@link #verify}, or {@link
   * StoreException.StoreIo} after discarding the bytes: a failed sync is final.
   */
  Digest commit();

  /** Leaves the attempt to be taken up again, in this process or another. */
  void park();

  /** Ends the attempt for good and frees its space. */
  void discard();

  /** Parks unless it was committed, parked or discarded; and closes the channel. */
  @Override
  void close();
}
