package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import java.util.List;
import java.util.Optional;

/**
 * Brings the files of one snapshot into the cache: what commit the revision means, what it holds,
 * then every selected file that is not here. The listing and the ref are written when all of them
 * are.
 */
public final class Puller {
  private final CachingHubMirror mirror;
  private final Snapshots snapshots;
  private final HubTree tree;
  private final PullWork work;

  public Puller(CachingHubMirror mirror, HubTree tree) {
    this.mirror = mirror;
    this.snapshots = mirror.snapshots();
    this.tree = tree;
    this.work = new PullWork(mirror);
  }

  /** What a revision turned out to mean. */
  private record Snapshot(Commit commit, List<ListedFile> files, boolean stale) {}

  /**
   * Returns when every selected file is here and verified; throws the first failure, keeping what
   * came before it.
   */
  public PullResult pull(PullRequest request, Caller caller, PullListener listener) {
    long tenure = snapshots.tenure(request.repo());
    Snapshot snapshot = resolve(request, caller);
    PullPlan plan = PullPlan.of(request, snapshot.commit(), snapshot.files());
    List<PulledFile> before =
        plan.wanted().stream().map(file -> planned(request.repo(), snapshot, file)).toList();
    listener.planned(before);
    if (request.dryRun()) {
      return result(request, snapshot, plan, before);
    }
    snapshots.learnListing(request.repo(), plan.commit(), plan.wanted(), tenure);
    if (!plan.wanted().isEmpty()) {
      requirePlaceInTree(request, caller, plan.commit(), plan.wanted().getFirst());
    }
    List<PulledFile> done;
    try (var _ = snapshots.pulling(request.repo(), plan.commit())) {
      done = work.fetchAll(request.repo(), caller, plan, listener);
    }
    snapshots.completed(request.repo(), request.revision(), plan.commit(), snapshot.files());
    return result(request, snapshot, plan, done);
  }

  /**
   * A repo that is not for everybody has no place in a tree that everybody reads, and so no path to
   * print. Found out before its bytes are fetched.
   */
  private void requirePlaceInTree(PullRequest request, Caller caller, Commit at, ListedFile first) {
    if (snapshots.ownsTree() || snapshots.isPublic(request.repo())) {
      return;
    }
    Revision commit = new Revision(at.hex());
    EntryRequest head =
        new EntryRequest(request.repo(), commit, first.path(), RangeRequest.WHOLE, true, caller);
    if (mirror.open(head) instanceof Answer.Refused(Found.Refusal reason, _)) {
      throw refused(reason, first.path() + " of " + request.repo());
    }
    if (snapshots.isRestricted(request.repo())) {
      throw new MirrorException.NotAllowed(
          "Tried to pull %s into the tree of a running server, but the repo is private or gated and that tree is for everybody; download it through the server with HF_ENDPOINT and your token, or pull it with a --home of your own that no server runs on."
              .formatted(request.repo()));
    }
  }

  /**
   * The files that a revision has, for use in this process. When the hub cannot be asked: as the
   * tree on disk, or what was written down, has them. Brings nothing. {@code ofSite}: the site
   * itself wants it, and decided who may use it. Else it is for everybody, and what the hub cannot
   * be asked about is refused with {@link MirrorException.RightsUnknown} unless it may be given to
   * everybody all the same.
   */
  public SnapshotUse use(RepoId repo, Revision revision, Caller caller, boolean ofSite) {
    SnapshotUse.Wish wish = new SnapshotUse.Wish(repo, revision, caller, ofSite);
    long tenure = snapshots.tenure(repo);
    SnapshotUse.Files files = files(wish);
    if (snapshots.tenure(repo) != tenure) {
      tenure = snapshots.tenure(repo); // The answer itself may have ended it, once.
      files = files(wish);
    }
    return new SnapshotUse(snapshots, work, wish, files, tenure);
  }

  private SnapshotUse.Files files(SnapshotUse.Wish wish) {
    RepoId repo = wish.repo();
    Revision revision = wish.revision();
    try {
      Snapshot asked = asked(repo, revision, wish.caller());
      return new SnapshotUse.Files(asked.commit(), asked.files(), true);
    } catch (UpstreamException | MirrorException.OfflineMiss | MirrorException.RightsUnknown e) {
      wish.requireReaders(snapshots, e);
      return local(repo, revision)
          .map(here -> new SnapshotUse.Files(here.commit(), here.files(), true))
          .or(() -> snapshots.lying(repo, revision))
          .orElseThrow(() -> e);
    }
  }

  /**
   * Whether files of the repo were refused to anonymous callers when they were last asked for. From
   * memory, once it was looked up.
   */
  public boolean isRestricted(RepoId repo) {
    return snapshots.isRestricted(repo);
  }

  /** Brings one file of a commit here again, after its blob was found damaged. */
  public void fetchAgain(RepoId repo, Commit commit, EntryPath path, Caller caller) {
    ListedFile file = new ListedFile(path, -1, "", Optional.empty());
    PulledFile _ = work.fetch(repo, caller, commit, file, PullListener.NONE);
  }

  private PullResult result(
      PullRequest request, Snapshot snapshot, PullPlan plan, List<PulledFile> files) {
    long upstreamBytes =
        files.stream()
            .filter(file -> file.state() == PulledFile.State.FETCHED)
            .mapToLong(PulledFile::sizeBytes)
            .sum();
    return new PullResult(
        request.repo(),
        plan.commit(),
        tree.snapshot(request.repo(), plan.commit()),
        files,
        upstreamBytes,
        snapshot.stale(),
        plan.leftOut());
  }

  private Snapshot resolve(PullRequest request, Caller caller) {
    try {
      return asked(request.repo(), request.revision(), caller);
    } catch (UpstreamException | MirrorException.OfflineMiss e) {
      return local(request.repo(), request.revision()).orElseThrow(() -> e);
    }
  }

  private Snapshot asked(RepoId repo, Revision revision, Caller caller) {
    DocumentAnswer.Here info = info(repo, revision, caller);
    Commit commit = commit(repo, info);
    DocumentAnswer.Here listing =
        need(
            mirror.document(
                new DocumentRequest.Tree(
                    repo, new Revision(commit.hex()), Optional.empty(), true, false),
                caller),
            repo,
            revision);
    return new Snapshot(
        commit, Listings.files(listing.document().body()), info.state() == CacheState.STALE);
  }

  /** A commit and all its files, as the hub says. {@code stale}: it said so some time ago. */
  public record Listed(Commit commit, List<ListedFile> files, boolean stale) {}

  /**
   * What the hub says that a revision holds; what lies on disk counts for nothing. Throws {@link
   * UpstreamException} or {@link MirrorException} when it cannot be asked or does not say.
   */
  public Listed listed(RepoId repo, Revision revision, Caller caller) {
    Snapshot snapshot = asked(repo, revision, caller);
    return new Listed(snapshot.commit(), snapshot.files(), snapshot.stale());
  }

  /**
   * As the tree on disk has it, when the hub cannot be asked: whoever pulls here may read what is
   * here.
   */
  private Optional<Snapshot> local(RepoId repo, Revision revision) {
    Optional<Commit> commit = revision.commit().or(() -> tree.ref(repo, revision));
    return commit.flatMap(c -> tree.listing(repo, c).map(files -> new Snapshot(c, files, true)));
  }

  /** What a branch or tag means, as the hub has it or had it last. */
  public Commit commitOf(RepoId repo, Revision revision, Caller caller) {
    return commit(repo, info(repo, revision, caller));
  }

  private DocumentAnswer.Here info(RepoId repo, Revision revision, Caller caller) {
    DocumentRequest question = new DocumentRequest.Info(repo, Optional.of(revision), "");
    return need(mirror.document(question, caller), repo, revision);
  }

  private static Commit commit(RepoId repo, DocumentAnswer.Here info) {
    return InfoSha.of(info.document().body())
        .orElseThrow(
            () -> new UpstreamException.UpstreamLied("The hub names no commit for " + repo + "."));
  }

  private static DocumentAnswer.Here need(DocumentAnswer answer, RepoId repo, Revision revision) {
    return switch (answer) {
      case DocumentAnswer.Here here -> here;
      case DocumentAnswer.Refused(Found.Refusal reason, _) ->
          throw refused(reason, repo + "@" + revision);
    };
  }

  private PulledFile planned(RepoId repo, Snapshot snapshot, ListedFile file) {
    boolean here = snapshots.holds(repo, snapshot.commit(), file);
    return new PulledFile(
        file.path(), file.sizeBytes(), here ? PulledFile.State.CACHED : PulledFile.State.MISSING);
  }

  static MirrorException refused(Found.Refusal reason, String what) {
    String said = reason.message().isBlank() ? reason.code() : reason.message();
    boolean missing =
        reason.code().equals(Found.Refusal.NO_ENTRY)
            || reason.code().equals(Found.Refusal.NO_REVISION)
            || (reason.status() == 404);
    return missing
        ? new MirrorException.NotThere(
            "The hub has no %s (%s); check the name, and set HF_TOKEN if the repo is private."
                .formatted(what, said))
        : new MirrorException.NotAllowed(
            "The hub does not give %s to this caller (%d %s); it may not exist, or set HF_TOKEN to a token that may read it."
                .formatted(what, reason.status(), said));
  }
}
