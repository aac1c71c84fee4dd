package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Identity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Blobs by SHA-256 in one directory that nobody else writes.
 *
 * <p>There is one way in: {@link #stage} (or {@link #adopt}), write, {@link StagedBlob#commit}.
 * Publishing is atomic: a reader sees all bytes or {@link Lookup.Absent}. Safe for concurrent use
 * by many threads; a second process is kept out by {@link StoreLock}.
 */
public interface BlobStore extends AutoCloseable {
  /** What is known of {@code digest}, from memory. */
  Lookup find(Digest digest);

  /**
   * The right to read a blob. Its channel is shared by all leases of the blob and stays open while
   * one is held. The file's fingerprint is compared first: a blob that somebody rewrote is
   * quarantined and answered as empty. From memory and one {@code stat}; fit for an event loop when
   * {@link #isOpen} says so.
   */
  Optional<BlobLease> lease(Digest digest);

  /** Whether the blob's channel is open already, so that {@link #lease} opens no file. */
  boolean isOpen(Digest digest);

  /** Where the blob of {@code digest} lies, or would lie. */
  Path path(Digest digest);

  /**
   * Begins an attempt of exactly {@code sizeBytes}, whose space is reserved until it ends. {@code
   * label} is kept beside the bytes and given back by {@link #resumable}. Throws {@link
   * StoreException.StoreFull} when it does not fit.
   */
  StagedBlob stage(Identity expected, long sizeBytes, Map<String, String> label);

  /**
   * Attempts that an earlier process (or a parked flight) left behind and that can go on, each at
   * most once.
   */
  List<StagedBlob> resumable();

  /**
   * Takes over a file that somebody else wrote: links it into {@code tmp}, hashes it through that
   * link, compares its fingerprint before and after, and publishes it. {@code file} itself is not
   * changed apart from its mode. When it does not hash to {@code expected}: {@link
   * StoreException.BlobMismatch}, nothing is published and nothing removed.
   */
  Digest adopt(Path file, Identity expected);

  /** Hashes the blob anew, from disk. */
  Inspection inspect(Digest digest);

  /** Moves a blob that failed verification out of the way, keeping it for a person to look at. */
  void quarantine(Digest digest, String reason);

  /** Removes a blob unless a lease is held. */
  Removal remove(Digest digest);

  /** All blobs, in no order. */
  List<StoredBlob> list();

  /** Bytes stored, reserved and free. */
  Space space();

  @Override
  void close();

  /** One published blob. */
  record StoredBlob(Digest digest, long sizeBytes) {}

  /** Bytes of the store and of the file system it is on. */
  record Space(long storedBytes, long reservedBytes, long freeBytes, long quarantinedBytes) {}

  /** What {@link #inspect} found. */
  sealed interface Inspection {
    record Sound(long sizeBytes) implements Inspection {}

    record Damaged(Digest found, long sizeBytes) implements Inspection {}

    record Missing() implements Inspection {}
  }

  /** What {@link #remove} did. */
  enum Removal {
    REMOVED,
    HELD,
    ABSENT
  }
}
