package dev.larder.catalog;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The rows about who needs the space: what blobs are worth, who pinned what, and what was evicted.
 * Blocking; safe for concurrent use; as {@link Catalog}.
 */
public interface SpaceRows {
  /** Every blob that may be used, in no order. Reads whole tables. */
  List<WorthRow> worths();

  /** Which snapshots name the blobs of {@link #worths}, in no order. Reads whole tables. */
  List<NeedRow> needs();

  /** The newest ref of every repo that has one: the one that was confirmed last. */
  List<Catalog.RefRow> newestRefs();

  /** By repo, then revision, then owner; those that are over too. */
  List<PinRow> pins();

  /** A new one, or instead of one with the same repo, revision and owner. */
  void putPin(PinRow row);

  void forgetPin(PinRow row);

  /** Adds records, then forgets the oldest, so that about {@code most} are left. */
  void addEvictions(Collection<EvictionRow> rows, int most);

  /** Those at or after {@code since}, the newest first, at most {@code most} of them. */
  List<EvictionRow> evictions(Instant since, int most);

  /**
   * A blob. {@code changedNanos}: when its file was last published, linked or unlinked; {@code
   * lastUsed}: as noted for any repo; {@code shown}: whether Larder put it into the tree.
   */
  record WorthRow(
      Digest digest,
      long sizeBytes,
      long changedNanos,
      Optional<Instant> lastUsed,
      boolean shown) {}

  /** A file of a snapshot that has the bytes of a blob. */
  record NeedRow(Digest digest, RepoId repo, Commit commit, EntryPath path) {}

  /**
   * Somebody wants a repo, or one revision of it, to stay. {@code createdAt}: when that was said
   * last: of two rows about the same the later one counts. One that was taken away ended then.
   */
  record PinRow(
      RepoId repo,
      Optional<Revision> revision,
      String owner,
      Instant createdAt,
      Optional<Instant> expiresAt,
      String note) {}

  /**
   * A blob was evicted. {@code repo}: one that had it, empty when none was known. {@code roomFor}:
   * what needed the space. The size stands in each row of a blob that several repos had.
   */
  record EvictionRow(
      Instant at,
      Digest digest,
      Optional<RepoId> repo,
      List<EntryPath> paths,
      long sizeBytes,
      String reason,
      String roomFor) {
    public EvictionRow {
      paths = List.copyOf(paths);
    }
  }
}
