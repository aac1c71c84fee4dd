package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Brings the files of one snapshot into the cache: what commit the revision means, what it holds,
 * then every selected file that is not here. The listing and the ref are written when all of them
 * are.
 */
public final class Puller {
  private static final int FILES_AT_ONCE = 8;

  private final CachingHubMirror mirror;
  private final HubTree tree;

  public Puller(CachingHubMirror mirror, HubTree tree) {
    this.mirror = mirror;
    this.tree = tree;
  }

  /** What a revision turned out to mean. */
  private record Snapshot(Commit commit, List<ListedFile> files, boolean stale) {}

  /**
   * Returns when every selected file is here and verified; throws the first failure, keeping what
   * came before it.
   */
  public PullResult pull(PullRequest request, Caller caller, PullListener listener) {
    Snapshot snapshot = resolve(request, caller);
    List<ListedFile> selected = select(request, snapshot);
    List<LeftOutFile> leftOut = LeftOutFile.of(selected);
    List<ListedFile> wanted = selected.stream().filter(f -> f.path().isOrdinary()).toList();
    List<PulledFile> plan =
        wanted.stream().map(file -> planned(request.repo(), snapshot, file)).toList();
    listener.planned(plan);
    if (request.dryRun()) {
      return result(request, snapshot, plan, leftOut, 0);
    }
    mirror.learnListing(request.repo(), snapshot.commit(), wanted);
    if (!wanted.isEmpty()) {
      requirePlaceInTree(request, caller, snapshot, wanted.getFirst());
    }
    List<PulledFile> done;
    try (var _ = mirror.pulling(request.repo(), snapshot.commit())) {
      done = fetchAll(request, caller, snapshot, wanted, listener);
    }
    mirror.completed(request.repo(), request.revision(), snapshot.commit(), snapshot.files());
    long fetched =
        done.stream()
            .filter(f -> f.state() == PulledFile.State.FETCHED)
            .mapToLong(PulledFile::sizeBytes)
            .sum();
    return result(request, snapshot, done, leftOut, fetched);
  }

  /**
   * A repo that is not for everybody has no place in a tree that everybody reads, and so no path to
   * print. Found out before its bytes are fetched.
   */
  private void requirePlaceInTree(
      PullRequest request, Caller caller, Snapshot snapshot, ListedFile first) {
    if (mirror.ownsTree() || mirror.isPublic(request.repo())) {
      return;
    }
    Revision commit = new Revision(snapshot.commit().hex());
    EntryRequest head =
        new EntryRequest(request.repo(), commit, first.path(), RangeRequest.WHOLE, true, caller);
    if (mirror.open(head) instanceof Answer.Refused(Found.Refusal reason, _)) {
      throw refused(reason, first.path() + " of " + request.repo());
    }
    if (mirror.isRestricted(request.repo())) {
      throw new MirrorException.NotAllowed(
          "Tried to pull %s into the tree of a running server, but the repo is private or gated and that tree is for everybody; download it through the server with HF_ENDPOINT and your token, or pull it with a --home of your own that no server runs on."
              .formatted(request.repo()));
    }
  }

  /** Brings one file of a commit here again, after its blob was found damaged. */
  public void fetchAgain(RepoId repo, Commit commit, EntryPath path, Caller caller) {
    ListedFile file = new ListedFile(path, -1, "", Optional.empty());
    fetch(repo, caller, commit, file, PullListener.NONE);
  }

  private PullResult result(
      PullRequest request,
      Snapshot snapshot,
      List<PulledFile> files,
      List<LeftOutFile> leftOut,
      long upstreamBytes) {
    return new PullResult(
        request.repo(),
        snapshot.commit(),
        tree.snapshot(request.repo(), snapshot.commit()),
        files,
        upstreamBytes,
        snapshot.stale(),
        leftOut);
  }

  private Snapshot resolve(PullRequest request, Caller caller) {
    RepoId repo = request.repo();
    try {
      DocumentAnswer.Here info = info(repo, request.revision(), caller);
      Commit commit = commit(repo, info);
      DocumentAnswer.Here listing =
          need(
              mirror.document(
                  new DocumentRequest.Tree(
                      repo, new Revision(commit.hex()), Optional.empty(), true, false),
                  caller),
              repo,
              request.revision());
      return new Snapshot(
          commit, Listings.files(listing.document().body()), info.state() == CacheState.STALE);
    } catch (UpstreamException | MirrorException.OfflineMiss e) {
      return local(request).orElseThrow(() -> e);
    }
  }

  /**
   * As the tree on disk has it, when the hub cannot be asked: whoever pulls here may read what is
   * here.
   */
  private Optional<Snapshot> local(PullRequest request) {
    Optional<Commit> commit =
        request.revision().commit().or(() -> tree.ref(request.repo(), request.revision()));
    return commit.flatMap(
        c -> tree.listing(request.repo(), c).map(files -> new Snapshot(c, files, true)));
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
    return Documents.sha(info.document().body())
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

  private static List<ListedFile> select(PullRequest request, Snapshot snapshot) {
    List<String> absent =
        request.selection().absentFrom(snapshot.files().stream().map(ListedFile::path).toList());
    if (!absent.isEmpty()) {
      throw new MirrorException.NotThere(
          "%s@%s has no %s."
              .formatted(request.repo(), request.revision(), String.join(", ", absent)));
    }
    List<ListedFile> selected =
        snapshot.files().stream().filter(file -> request.selection().selects(file.path())).toList();
    if (selected.isEmpty() && !request.selection().all()) {
      throw new MirrorException.NotThere(
          "None of the %d files of %s@%s is selected: %s. 'larder pull %s@%s --dry-run' lists them."
              .formatted(
                  snapshot.files().size(),
                  request.repo(),
                  request.revision(),
                  request
                      .selection()
                      .whyNothing(snapshot.files().stream().map(ListedFile::path).toList()),
                  request.repo(),
                  request.revision()));
    }
    return selected;
  }

  private PulledFile planned(RepoId repo, Snapshot snapshot, ListedFile file) {
    boolean here = mirror.holds(repo, snapshot.commit(), file);
    return new PulledFile(
        file.path(), file.sizeBytes(), here ? PulledFile.State.CACHED : PulledFile.State.MISSING);
  }

  private List<PulledFile> fetchAll(
      PullRequest request,
      Caller caller,
      Snapshot snapshot,
      List<ListedFile> wanted,
      PullListener listener) {
    Semaphore slots = new Semaphore(FILES_AT_ONCE);
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PulledFile>> running = new ArrayList<>();
      for (ListedFile file : wanted) {
        running.add(
            workers.submit(
                inSlot(
                    slots,
                    () -> fetch(request.repo(), caller, snapshot.commit(), file, listener))));
      }
      return collect(running, workers);
    }
  }

  private static <T> Callable<T> inSlot(Semaphore slots, Callable<T> work) {
    return () -> {
      slots.acquire();
      try {
        return work.call();
      } finally {
        slots.release();
      }
    };
  }

  private static List<PulledFile> collect(
      List<Future<PulledFile>> running, ExecutorService workers) {
    List<PulledFile> done = new ArrayList<>();
    try {
      for (Future<PulledFile> one : running) {
        done.add(one.get());
      }
      return done;
    } catch (ExecutionException e) {
      workers.shutdownNow();
      throw e.getCause() instanceof LarderException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
      throw new dev.larder.transfer.TransferException.Interrupted(
          "The pull was interrupted; what has landed is kept.");
    }
  }

  private PulledFile fetch(
      RepoId repo, Caller caller, Commit commit, ListedFile file, PullListener listener) {
    EntryRequest entry =
        new EntryRequest(
            repo, new Revision(commit.hex()), file.path(), RangeRequest.WHOLE, false, caller);
    PulledFile.State state =
        switch (mirror.open(entry, Deadline.NEVER)) {
          case Answer.Ready ready -> {
            ready.served().accept(ready.lease().sizeBytes());
            ready.lease().close();
            yield PulledFile.State.CACHED;
          }
          case Answer.Arriving arriving -> {
            try (var reader = arriving.reader()) {
              reader.awaitPublished(
                  landed -> listener.progress(file.path(), landed, file.sizeBytes()));
              arriving.served().accept(arriving.head().sizeBytes());
            }
            yield PulledFile.State.FETCHED;
          }
          case Answer.Passing passing -> {
            passing.body().close();
            throw new UpstreamException.UpstreamLied(
                "The hub names no hash for %s of %s, so it cannot be verified and is not kept."
                    .formatted(file.path(), repo));
          }
          case Answer.Refused(Found.Refusal reason, _) ->
              throw refused(reason, file.path() + " of " + repo);
          case Answer.Described _, Answer.OutOfRange _ ->
              throw new IllegalStateException(
                  "a whole file was asked for: " + ByteRange.whole(file.sizeBytes()));
        };
    PulledFile done = new PulledFile(file.path(), file.sizeBytes(), state);
    listener.done(done);
    return done;
  }
}
