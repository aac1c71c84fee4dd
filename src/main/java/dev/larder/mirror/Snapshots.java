package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.store.BlobLease;
import dev.larder.upstream.Deadline;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What a pull asks of the mirror beside files and documents: what is here of a commit, and that its
 * listing and ref are written when all of it is. Safe for concurrent use.
 */
final class Snapshots {
  private final HubMemory memory;
  private final LocalFiles files;
  private final Asking asking;
  private final Publishing publishing;
  private final MirrorSettings settings;
  private final InstantSource clock;

  Snapshots(
      HubMemory memory,
      LocalFiles files,
      Asking asking,
      Publishing publishing,
      MirrorSettings settings,
      InstantSource clock) {
    this.memory = memory;
    this.files = files;
    this.asking = asking;
    this.publishing = publishing;
    this.settings = settings;
    this.clock = clock;
  }

  /** See {@link Tenures#of}. */
  long tenure(RepoId repo) {
    return memory.tenures().of(repo);
  }

  /**
   * Remembers what a listing of a commit says, so that its files need no HEAD each. {@code tenure}:
   * of the time before it was asked for.
   */
  void learnListing(RepoId repo, Commit commit, List<ListedFile> listed, long tenure) {
    boolean _ = memory.tenures().during(repo, tenure, () -> learn(repo, commit, listed));
  }

  /** Does {@code writing} unless {@code tenure} is over. */
  void during(RepoId repo, long tenure, Runnable writing) {
    boolean _ = memory.tenures().during(repo, tenure, writing);
  }

  private void learn(RepoId repo, Commit commit, List<ListedFile> listed) {
    for (ListedFile file : listed) {
      EntryKey key = new EntryKey(repo, commit, file.path());
      if (memory.entry(key) == null) {
        EntryHead head =
            LocalFiles.head(key, file.identity(), file.sizeBytes(), file.lfsSha256().isPresent());
        memory.learn(key, new KnownEntry.Present(head, null));
      }
    }
  }

  /** What is remembered of the repo is looked up again: somebody else wrote rows and tree. */
  void cameIn(RepoId repo) {
    files.forgetRows(repo);
    memory.forgetContents(repo);
    memory.of(repo).forgetRecorded();
    memory.of(repo).newsCame();
  }

  /** Whether a listed file's bytes are in the store, or lie in the tree to be verified. */
  boolean holds(RepoId repo, Commit commit, ListedFile file) {
    return files.holds(new EntryKey(repo, commit, file.path()), file.identity());
  }

  /** Holds a listed file's bytes when they are here, whoever may read them. Hashes if it must. */
  Optional<BlobLease> lease(RepoId repo, Commit commit, ListedFile file) {
    EntryKey key = new EntryKey(repo, commit, file.path());
    return files.locate(key, file.identity(), Deadline.NEVER).flatMap(files::lease);
  }

  /**
   * The files of a revision that are here, in the tree or by what is written down. Empty when there
   * are none, or it is not known what the revision means.
   */
  Optional<SnapshotUse.Files> lying(RepoId repo, Revision revision) {
    return revision
        .commit()
        .or(() -> files.treeRef(repo, revision))
        .or(() -> files.ref(repo, revision).map(HubMemory.KnownRef::commit))
        .map(commit -> new SnapshotUse.Files(commit, files.lying(repo, commit), false))
        .filter(found -> !found.listed().isEmpty());
  }

  /** Whether restricted repos appear in the tree too. */
  boolean ownsTree() {
    return settings.ownTree();
  }

  /** Whether anonymous callers were given files of the repo lately. */
  boolean isPublic(RepoId repo) {
    return asking.access(repo).publicAt(clock.instant(), settings.accessTtl());
  }

  /** Whether files of the repo were refused to anonymous callers when they were last asked for. */
  boolean isRestricted(RepoId repo) {
    return asking.access(repo).standing() == Standing.RESTRICTED;
  }

  /** Whether anybody may have what is here of the repo although the hub cannot be asked. */
  boolean mayServeUnasked(RepoId repo) {
    return asking.mayServeUnasked(repo);
  }

  /**
   * Until it is closed, listing and refs of {@code commit} are written by {@link #completed} only.
   */
  Publishing.Held pulling(RepoId repo, Commit commit) {
    return publishing.hold(repo, commit);
  }

  /** All that was asked of a snapshot is here: writes its listing, and the ref last. */
  void completed(RepoId repo, Revision revision, Commit commit, List<ListedFile> listed) {
    boolean inTree = settings.ownTree() || asking.mayServeUnasked(repo);
    boolean _ = publishing.listing(repo, commit, listed, inTree);
    publishing.refs().writeOfPull(repo, revision, commit, inTree);
  }
}
