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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The catalog of one store. Blocking; safe for concurrent use. Times are kept to the millisecond.
 * Throws {@link CatalogException}.
 */
public interface Catalog extends AutoCloseable {
  /** All that files tell is written down: from the next opening on it does not begin empty. */
  void noteFilled();

  // Blobs

  List<BlobRow> blobs();

  /** Every blob, one after the other. {@code reader} asks nothing of the catalog. */
  void eachBlob(Consumer<BlobRow> reader);

  void putBlob(BlobRow row);

  void forgetBlob(Digest digest);

  void forgetBlobs(Collection<Digest> digests);

  /** The blob whose git id is {@code id}, pinned to the first SHA-256 seen for it. */
  Optional<Digest> blobOf(GitBlobId id);

  /** Remembers it; an earlier pin stays. */
  void pinBlob(GitBlobId id, Digest digest);

  // Repos

  Optional<RepoRow> repo(RepoId repo);

  List<RepoRow> repos();

  /** Every repo of which refs or entries are known. */
  Set<RepoId> reposWithContents();

  void putRepo(RepoRow row);

  /** Whose the repo's name is at the hub. */
  Holder holder(RepoId repo);

  /** What the hub calls the repo that has the name; kept only where {@link #putRepo} was called. */
  void putHolder(RepoId repo, String hubId);

  /**
   * Another repo has the name now: what {@link #forgetContents} forgets is forgotten, and {@code
   * former} are commits of the one before. All or nothing.
   */
  void changeHolder(RepoId repo, String hubId, Set<Commit> former);

  /** The commits that something is known of. */
  Set<Commit> commits(RepoId repo);

  /** The repo that has the name now has that commit too. */
  void forgetFormer(RepoId repo, Commit commit);

  // Refs

  Optional<RefRow> ref(RepoId repo, Revision revision);

  List<RefRow> refs(RepoId repo);

  void putRef(RefRow row);

  /** Those of which nothing is known yet; the others stay. */
  void addRefs(Collection<RefRow> rows);

  void forgetRef(RepoId repo, Revision revision);

  // Entries

  Optional<EntryRow> entry(RepoId repo, Commit commit, EntryPath path);

  List<EntryRow> entries(RepoId repo, Commit commit);

  /** Every entry of the repo, by commit and path. */
  List<EntryRow> entries(RepoId repo);

  /** Every entry that is known to have the bytes of {@code digest}. Reads the whole table. */
  List<EntryRow> entriesOf(Digest digest);

  /** Those of {@code repo} that are large files with the bytes of one of {@code digests}. */
  List<EntryRow> entriesOf(RepoId repo, Set<Digest> digests);

  void putEntries(Collection<EntryRow> rows);

  /**
   * Forgets what is known of the repo's refs, entries and documents, but not who may read it and
   * what is shown of it.
   */
  void forgetContents(RepoId repo);

  /**
   * Forgets what is known of one commit: its entries, the refs that mean it, and the documents of
   * the repo, of which nobody can tell here whether they speak of it.
   */
  void forgetCommit(RepoId repo, Commit commit);

  // What was put into the hub tree here

  void putShown(ShownRow row);

  /**
   * What others are shown of {@code repo}: what was put there for the tree's owner is not in it.
   */
  List<ShownRow> shown(RepoId repo);

  /** Every file of the tree that was put there from the blob, also for the owner. */
  List<ShownRow> shownOf(Digest digest);

  /** All that was put there of the repo, also for the owner. */
  List<ShownRow> putInto(RepoId repo);

  /** Those very rows: what was shown since stays noted. */
  void forgetShown(List<ShownRow> rows);

  // Documents: answers of the hub's API, as passed on

  Optional<DocumentRow> document(RepoId repo, String key);

  void putDocument(DocumentRow row);

  /**
   * Forgets the documents that were fetched longest ago until at most {@code count} are left and
   * their bodies have at most {@code bytes}.
   */
  void pruneDocuments(long count, long bytes);

  // Use

  /** Adds to the counters of a day, source and repo or caller; batched by the caller. */
  void addTraffic(TrafficOf what, Collection<TrafficRow> rows);

  /**
   * Keeps the days before that of {@code before} as one for each 30 days, the first of them, with
   * the same sums; callers of those days whose names begin with {@code passing} under {@code
   * together}.
   */
  void foldTraffic(Instant before, String passing, String together);

  /**
   * Counters per source and name, summed over the days (in UTC) from that of {@code since} on;
   * {@code day} is the last of them with traffic.
   */
  List<TrafficRow> traffic(TrafficOf what, Instant since);

  /** Counters per day and source, of all repos together; the name is empty. */
  List<TrafficRow> trafficByDay(Instant since);

  /** Notes when entries were last used. */
  void touch(Collection<Use> uses);

  /**
   * When files of repos were last used: of every repo that ever was, by the names that its blobs
   * have in its folder.
   */
  Map<RepoId, Map<String, Instant>> lastUses();

  // Checks

  /** When blobs last proved right. */
  CheckRows checks();

  // Rights

  /** Who may read what. */
  AccountRows access();

  // Space

  /** What blobs are worth, who pinned what, and what was evicted. */
  SpaceRows space();

  /** What was read of repos' folders. */
  ScanRows scans();

  /** What was decided about requests. */
  DecisionRows decisions();

  /** Models that have a name. */
  ModelRows models();

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

  /**
   * Whose a name is: {@code hubId} is what the hub itself calls the repo, empty until it was seen.
   * {@code former}: commits of a repo that had the name before.
   */
  record Holder(Optional<String> hubId, Set<Commit> former) {
    public static final Holder UNKNOWN = new Holder(Optional.empty(), Set.of());
  }

  /** A ref and when the hub last confirmed it. */
  record RefRow(RepoId repo, Revision revision, Commit commit, Instant confirmedAt) {}

  /** One entry of a snapshot. {@code lfs}: its identity came from an LFS pointer. */
  record EntryRow(
      RepoId repo, Commit commit, EntryPath path, Identity identity, long sizeBytes, boolean lfs) {}

  /**
   * One file of the hub tree that this Larder put there. {@code identity}: its name in blobs.
   * {@code owners}: for the tree's owner, who keeps it whoever may read the repo.
   */
  record ShownRow(
      RepoId repo,
      Commit commit,
      EntryPath path,
      Identity identity,
      Digest digest,
      boolean owners) {}

  /** One answer of the hub's API. {@code headers}: lines {@code name: value}. */
  record DocumentRow(
      RepoId repo,
      String key,
      byte[] body,
      String contentType,
      String headers,
      Instant fetchedAt) {}

  /**
   * How often and how much. Of {@code misses}, {@code joined} took part in a download under way and
   * {@code bypassed} were not kept; of {@code hits}, {@code stale} could not be confirmed. {@code
   * upstreamMillis}: how long readers waited for upstream bytes, all of them together.
   */
  record Counts(
      long hits,
      long misses,
      long servedBytes,
      long upstreamBytes,
      long joined,
      long stale,
      long bypassed,
      long upstreamMillis) {
    public boolean isEmpty() {
      return hits + misses + servedBytes + upstreamBytes + upstreamMillis == 0;
    }
  }

  /** What traffic is told apart by, beside day and source. */
  enum TrafficOf {
    REPO,
    CALLER
  }

  /**
   * Counters. {@code source} is the protocol: {@code hf}. {@code name}: what the source calls a
   * repo, or a caller by a name that gives nothing away.
   */
  record TrafficRow(Instant day, String source, String name, Counts counts) {}

  /** One use of one blob. */
  record Use(RepoId repo, Digest digest, Instant at) {}
}
