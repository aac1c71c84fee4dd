package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

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
   * one is held. The file's fingerprint is compared first: where it changed (a hard link was added,
   * a file was touched) the blob is hashed anew, which takes as long as it takes, and a blob that
   * somebody rewrote is quarantined and answered as empty. Not for an event loop: see {@link
   * #tryLease}.
   */
  Optional<BlobLease> lease(Digest digest);

  /**
   * As {@link #lease}, from memory and one {@code stat}: opens nothing, hashes nothing, waits for
   * nothing. Empty also when the blob's channel is not open or its fingerprint changed; then {@link
   * #lease} knows more, on a thread that may block.
   */
  Optional<BlobLease> tryLease(Digest digest);

  /** Whether {@link #tryLease} would answer a lease now. One {@code stat}. */
  boolean isOpen(Digest digest);

  /** Whether somebody holds a lease of it. */
  boolean isLeased(Digest digest);

  /**
   * Gives the blob's file a second name outside the store (a file served in place gets none), as
   * {@link dev.larder.content.Disk#link} does, and keeps its fingerprint in step, so that nobody
   * hashes it anew because of that.
   */
  void linkTo(Digest digest, Path name) throws IOException;

  /**
   * Tells the store that its caller gave the blob's file another name or took one away, so that the
   * changed ctime is not taken for a change of bytes. Cheap: one {@code stat} and one row. Does
   * nothing when anything else changed.
   */
  void relinked(Digest digest);

  /** The blob's file as it is now; empty when there is none, or it is served in place. */
  Optional<FileStat> stat(Digest digest);

  /** Where the blob of {@code digest} lies, or would lie. */
  Path path(Digest digest);

  /** Set when the blob is a file that {@link #adopt} could not take over and left where it is. */
  Optional<InPlace> inPlace(Digest digest);

  /**
   * Begins an attempt of exactly {@code sizeBytes}, whose space is reserved until it ends. {@code
   * label} is kept beside the bytes and asked for by {@link #resume}. Throws {@link
   * StoreException.StoreFull} when it does not fit.
   */
  StagedBlob stage(Identity expected, long sizeBytes, Map<String, String> label);

  /**
   * Has room made for what did not fit, by the {@link RoomMaker} of this store; blocks for at most
   * {@code within}, holding no lock. Empty: {@link #stage} is worth another try. Else who holds the
   * space, in a sentence, if anybody can tell.
   */
  Optional<String> makeRoom(RoomMaker.Need need, Duration within);

  /** How many bytes have to go before {@code sizeBytes} more can be staged; 0 when they fit. */
  long missing(long sizeBytes);

  /**
   * Goes on with the attempt that an earlier process (or a parked flight) left behind at this
   * object, if there is one whose label has all of {@code label}. Touches no other attempt.
   */
  Optional<StagedBlob> resume(Identity expected, long sizeBytes, Map<String, String> label);

  /**
   * Begins to take in many blobs of {@code expectedBytes} together, all or none. Throws {@link
   * StoreException.StoreFull} when so much does not fit. Close it.
   */
  Intake intake(long expectedBytes);

  /**
   * Takes over a file that somebody else wrote: links it into {@code tmp}, hashes it through that
   * link, compares its fingerprint before and after, and publishes it. {@code file} itself is not
   * changed apart from its mode. Where the file system refuses the link or the mode, the file is
   * hashed and from then on served where it is (see {@link #inPlace}), as long as it stays the
   * same: it takes no room of the store's, and is neither changed nor removed. When it does not
   * hash to {@code expected}: {@link StoreException.BlobMismatch}, nothing is published and nothing
   * removed.
   */
  default Digest adopt(Path file, Identity expected) {
    return adopt(file, expected, _ -> {});
  }

  /** The same; {@code hashed} gets the bytes of each step of the hashing. */
  Digest adopt(Path file, Identity expected, LongConsumer hashed);

  /**
   * Real files with the bytes of leased blobs, at these paths of a directory of their own; the
   * leases stay the caller's. Blobs that are written to meanwhile are noticed. Throws {@link
   * StoreException.StoreFull} when they do not fit. Close it.
   */
  PrivateCopy copy(Map<EntryPath, BlobLease> files);

  /** Hashes the blob anew, from disk. */
  default Inspection inspect(Digest digest) {
    return inspect(digest, _ -> {});
  }

  /** The same; {@code hashed} gets the bytes of each step of the hashing. */
  Inspection inspect(Digest digest, LongConsumer hashed);

  /**
   * Moves a blob that failed verification out of the way, keeping it for a person to look at. A
   * file that is served in place stays where it is and is not served any more. False, and nothing
   * is done, when its name leads to another file than the one that was {@code seen}: somebody else
   * put it right meanwhile.
   */
  boolean quarantine(Digest digest, Fingerprint seen, String reason);

  /**
   * Compares what lies in the store's directory with its rows and counters, and tells what the last
   * opening had to set right, once. A file without a row is hashed and recorded, or quarantined;
   * {@code settle}: other things are put in order as well. What somebody works on just now is
   * nothing odd.
   */
  List<Oddity> audit(boolean settle);

  /** Removes a blob unless a lease is held. A file that is served in place is only forgotten. */
  Removal remove(Digest digest);

  /** All blobs, in no order, also those served in place. */
  List<StoredBlob> list();

  /** Bytes stored, reserved and free. */
  Space space();

  /** How much of them it may take. */
  StoreLimits limits();

  @Override
  void close();

  /** What lies in quarantine, for a person to look at. Reads its directory. */
  List<QuarantinedFile> quarantined();

  /**
   * A file in quarantine. {@code name}: what its bytes should hash to, or a stray file's name.
   * {@code reason}: words joined by dashes.
   */
  record QuarantinedFile(String name, Instant at, String reason) {}

  /** One published blob. */
  record StoredBlob(Digest digest, long sizeBytes) {}

  /** A file of somebody else's. {@code reason}: why it could not be taken over. */
  record InPlace(Path file, String reason) {}

  /** Bytes of the store and of the file system it is on. */
  record Space(long storedBytes, long reservedBytes, long freeBytes, long quarantinedBytes) {}

  /** What {@link #inspect} found. */
  sealed interface Inspection {
    record Sound(long sizeBytes) implements Inspection {}

    /** {@code file}: which one was read. */
    record Damaged(Digest found, Fingerprint file) implements Inspection {}

    /** The disk does not give its bytes: as good as damaged. */
    record Unreadable(String reason, Fingerprint file) implements Inspection {}

    record Missing() implements Inspection {}
  }

  /** What {@link #remove} did. */
  enum Removal {
    REMOVED,
    HELD,
    ABSENT
  }
}
