package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.store.BlobStore;
import dev.larder.upkeep.Checklist.Item;
import dev.larder.upkeep.Finding.Kind;
import dev.larder.upkeep.Finding.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Recomputes hashes from disk: of blobs in the store, and of files in the tree that never came into
 * it. Asks nobody unless it repairs; then what is damaged goes to quarantine and is fetched again,
 * and refs and links are written anew.
 */
public final class Verifier {
  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Refetch refetch;

  /** Asks the hub; throws a {@link LarderException} when that is not possible. */
  public interface Refetch {
    /** Brings one file of a commit here again. */
    void fetch(RepoId repo, Commit commit, EntryPath path);

    /** What a branch or tag means. */
    Commit resolve(RepoId repo, Revision revision);
  }

  public Verifier(BlobStore store, HubTree tree, Catalog catalog, Refetch refetch) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.refetch = refetch;
  }

  /**
   * Hashes as many files at a time as there are cores. Throws {@link NotCached} for a target that
   * is not here at all.
   */
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    List<FoundRepo> repos =
        tree.scan().stream().filter(repo -> meant(repo.repo(), request)).toList();
    request.targets().forEach(target -> requireCached(target, repos));
    List<Item> items = items(repos, request);
    long total = items.stream().mapToLong(Item::sizeBytes).sum();
    Mending mending = new Mending(store, tree, catalog, refetch);
    Inspector inspector = new Inspector(store, catalog, refetch, mending, request.repair());
    Tally tally = new Tally(total, listener);
    List<Optional<Finding>> found =
        new Crew(Runtime.getRuntime().availableProcessors())
            .run(
                items,
                item -> {
                  Tally.Part part = tally.begin(item);
                  return part.counted(inspector.inspect(item, part::moved));
                });
    List<Finding> findings = new ArrayList<>();
    found.forEach(finding -> finding.ifPresent(findings::add));
    for (FoundRepo repo : repos.stream().map(repo -> ofTargets(repo, request)).toList()) {
      List<Finding> inTree = request.repair() ? mending.mend(repo) : unmended(repo);
      inTree.forEach(listener::found);
      findings.addAll(inTree);
    }
    return new VerifyReport(items.size(), total, findings);
  }

  private List<Item> items(List<FoundRepo> repos, VerifyRequest request) {
    Checklist list = new Checklist(store, catalog, tree);
    for (FoundRepo repo : repos) {
      for (FoundSnapshot snapshot : repo.snapshots()) {
        list.add(repo, snapshot, path -> meant(repo, snapshot.commit(), path, request));
      }
    }
    if (request.targets().isEmpty()) {
      list.addTheRest();
    }
    return list.items();
  }

  private static void requireCached(VerifyTarget target, List<FoundRepo> repos) {
    VerifyRequest alone = new VerifyRequest(List.of(target), false);
    boolean here =
        repos.stream()
            .filter(repo -> repo.repo().equals(target.repo()))
            .anyMatch(
                repo ->
                    (target.revision().isEmpty() && target.file().isEmpty())
                        || repo.snapshots().stream().anyMatch(s -> meant(repo, s, alone)));
    if (!here) {
      throw new NotCached(target);
    }
  }

  private static boolean meant(RepoId repo, VerifyRequest request) {
    return request.targets().isEmpty()
        || request.targets().stream().anyMatch(t -> t.repo().equals(repo));
  }

  /** A revision without a file in it is here, too. */
  private static boolean meant(FoundRepo repo, FoundSnapshot snapshot, VerifyRequest request) {
    return request.targets().stream()
        .anyMatch(
            target ->
                meant(repo, snapshot.commit(), target)
                    && (target.file().isEmpty()
                        || snapshot.files().stream().anyMatch(f -> target.means(f.path()))));
  }

  private static boolean meant(
      FoundRepo repo, Commit commit, EntryPath path, VerifyRequest request) {
    return request.targets().isEmpty()
        || request.targets().stream()
            .anyMatch(target -> target.means(path) && meant(repo, commit, target));
  }

  private static boolean meant(FoundRepo repo, Commit commit, VerifyTarget target) {
    return target.repo().equals(repo.repo())
        && (target.revision().isEmpty()
            || target.revision().get().name().equals(commit.hex())
            || repo.refs().stream()
                .anyMatch(
                    ref ->
                        ref.revision().equals(target.revision().get())
                            && ref.commit().equals(commit)));
  }

  /** Who asks for files wants to know of their links, and not of the rest of the repo. */
  private static FoundRepo ofTargets(FoundRepo repo, VerifyRequest request) {
    List<VerifyTarget> targets =
        request.targets().stream().filter(target -> target.repo().equals(repo.repo())).toList();
    if (targets.stream().anyMatch(target -> target.file().isEmpty()) || targets.isEmpty()) {
      return repo;
    }
    List<Problem> problems =
        repo.problems().stream()
            .filter(
                problem ->
                    problem.place() instanceof Problem.Place.Link(var commit, var path, _)
                        && meant(repo, commit, path, request))
            .toList();
    return new FoundRepo(repo.repo(), repo.folder(), repo.snapshots(), repo.refs(), problems);
  }

  private static List<Finding> unmended(FoundRepo repo) {
    return repo.problems().stream()
        .map(problem -> finding(repo, problem, "", Outcome.LEFT))
        .toList();
  }

  /** {@code more}: what else there is to say, a sentence or nothing. */
  static Finding finding(FoundRepo repo, Problem problem, String more, Outcome outcome) {
    Kind kind =
        switch (problem.kind()) {
          case REF -> Kind.TORN_REF;
          case LINK -> Kind.DANGLING_LINK;
          case STRAY -> Kind.STRAY;
          case UNREADABLE -> Kind.UNREADABLE;
        };
    String detail = more.isEmpty() ? problem.text() : problem.text() + " " + more;
    return new Finding(kind, repo.repo().toString(), detail, outcome);
  }

  /** Tells the listener how far the workers are, one after the other. */
  private static final class Tally {
    private final long totalBytes;
    private final VerifyListener listener;
    private long checkedBytes;

    Tally(long totalBytes, VerifyListener listener) {
      this.totalBytes = totalBytes;
      this.listener = listener;
    }

    Part begin(Item item) {
      return new Part(item);
    }

    private synchronized void add(String name, long bytes) {
      checkedBytes += bytes;
      listener.progress(name, checkedBytes, totalBytes);
    }

    private synchronized void found(Finding finding) {
      listener.found(finding);
    }

    /** One file. It counts for what it had when it was listed, whatever becomes of it. */
    private final class Part {
      private final Item item;
      private long counted;

      Part(Item item) {
        this.item = item;
      }

      void moved(long bytes) {
        long more = Math.min(bytes, item.sizeBytes() - counted);
        if (more > 0) {
          counted += more;
          add(item.name(), more);
        }
      }

      Optional<Finding> counted(Optional<Finding> finding) {
        finding.ifPresent(Tally.this::found);
        if (counted < item.sizeBytes() || item.sizeBytes() == 0) {
          add(item.name(), item.sizeBytes() - counted);
        }
        return finding;
      }
    }
  }
}
