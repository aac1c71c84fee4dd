package dev.larder.catalog;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The catalog of one store. Blocking; safe for concurrent use. Times are kept to the millisecond.
 * Throws {@link CatalogException}.
 */
public interface Catalog extends AutoCloseable {
  // Blobs

  List<BlobRow> blobs();

  void putBlob(BlobRow row);

  void forgetBlob(Digest digest);

  /** The blob whose git id is {@code id}, pinned to the first SHA-256 seen for it. */
  Optional<Digest> blobOf(GitBlobId id);

  /** Remembers it; an earlier pin stays. */
  void pinBlob(GitBlobId id, Digest digest);

  // Repos

  Optional<RepoRow> repo(RepoId repo);

  List<RepoRow> repos();

  void putRepo(RepoRow row);

  // Refs

  Optional<RefRow> ref(RepoId repo, Revision revision);

  List<RefRow> refs(RepoId repo);

  void putRef(RefRow row);

  void forgetRef(RepoId repo, Revision revision);

  // Entries

  Optional<EntryRow> entry(RepoId repo, Commit commit, EntryPath path);

  List<EntryRow> entries(RepoId repo, Commit commit);

  /** Every entry that is known to have the bytes of {@code digest}. Reads the whole table. */
  List<EntryRow> entriesOf(Digest digest);

  void putEntries(Collection<EntryRow> rows);

  // Documents: answers of the hub's API, as passed on

  Optional<DocumentRow> document(RepoId repo, String key);

  void putDocument(DocumentRow row);

  /**
   * Forgets the documents that were fetched longest ago until at most {@code count} are left and
   * their bodies have at most {@code bytes}.
   */
  void pruneDocuments(long count, long bytes);

  // Use

  /** Adds to the counters of a day, source and repo; batched by the caller. */
  void addTraffic(Collection<TrafficRow> rows);

  /**
   * Counters per source and repo, summed over the days (in UTC) from that of {@code since} on;
   * {@code day} is the last of them with traffic.
   */
  List<TrafficRow> traffic(Instant since);

  /** Notes when entries were last used. */
  void touch(Collection<Use> uses);

  /** When files of the repo were last used; empty when never. */
  Optional<Instant> lastUsed(RepoId repo);

  @Override
  void close();

  /** A blob that may be used, or one on its way out. */
  record BlobRow(Digest digest, FileStat.Fingerprint fingerprint, boolean deleting) {}

  /** Who may read a repo, as last asked. */
  enum Visibility {
    PUBLIC,
    RESTRICTED,
    UNKNOWN
  }

  /**
   * A repo and how far it was asked about. {@code canonicalName} is the name the hub itself gave
   * it.
   */
  record RepoRow(RepoId repo, Visibility visibility, Instant checkedAt, String canonicalName) {}

  /** A ref and when the hub last confirmed it. */
  record RefRow(RepoId repo, Revision revision, Commit commit, Instant confirmedAt) {}

  /** One entry of a snapshot. {@code lfs}: its identity came from an LFS pointer. */
  record EntryRow(
      RepoId repo, Commit commit, EntryPath path, Identity identity, long sizeBytes, boolean lfs) {}

  /** One answer of the hub's API. {@code headers}: lines {@code name: value}. */
  record DocumentRow(
      RepoId repo,
      String key,
      byte[] body,
      String contentType,
      String headers,
      Instant fetchedAt) {}

  /** Counters. {@code source} is the protocol: {@code hf}. */
  record TrafficRow(
      Instant day,
      String source,
      String repo,
      long hits,
      long misses,
      long servedBytes,
      long upstreamBytes) {}

  /** One use of one blob. */
  record Use(RepoId repo, Digest digest, Instant at) {}
}
