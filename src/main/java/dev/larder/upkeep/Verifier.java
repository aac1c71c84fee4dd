package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.store.BlobStore;
import dev.larder.store.Oddity;
import dev.larder.upkeep.Checklist.Item;
import dev.larder.upkeep.Finding.Kind;
import dev.larder.upkeep.Finding.Outcome;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Recomputes hashes from disk: of blobs in the store, and of files in the tree that never came into
 * it. Asks nobody unless it repairs; then what is damaged goes to quarantine and is fetched again,
 * and refs and links are written anew. What is written or removed meanwhile is nothing wrong.
 */
public final class Verifier {
  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Refetch refetch;
  private final InstantSource clock;

  /** Asks the hub; throws a {@link LarderException} when that is not possible. */
  public interface Refetch {
    /** Brings one file of a commit here again. */
    void fetch(RepoId repo, Commit commit, EntryPath path);

    /** What a branch or tag means. */
    Commit resolve(RepoId repo, Revision revision);
  }

  /** {@code clock} says when a blob proved right. */
  public Verifier(
      BlobStore store, HubTree tree, Catalog catalog, Refetch refetch, InstantSource clock) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.refetch = refetch;
    this.clock = clock;
  }

  /**
   * Hashes as many files at a time as there are cores. Throws {@link NotCached} for a target that
   * is not here at all.
   */
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    Targets targets = new Targets(request.targets());
    List<FoundRepo> repos =
        new Hidden(store, tree, catalog)
            .among(tree.scan()).stream().filter(repo -> targets.mean(repo.repo())).toList();
    targets.requireCached(repos);
    List<FoundRepo> damaged = new Lasting(tree).among(repos.stream().map(targets::of).toList());
    List<Item> items = items(repos, targets);
    Mending mending = new Mending(store, tree, catalog, refetch);
    Inspector inspector = new Inspector(store, catalog, refetch, mending, request.repair());
    Tally tally = new Tally(items.stream().mapToLong(Item::sizeBytes).sum(), listener);
    long start = System.nanoTime();
    List<Optional<Finding>> found = inspected(items, inspector, tally);
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    noteSound(items, found);
    List<Finding> elsewhere = new ArrayList<>();
    for (FoundRepo repo : damaged) {
      elsewhere.addAll(request.repair() ? mending.mend(repo) : unmended(repo));
    }
    if (targets.everything()) {
      store.audit(request.repair()).forEach(oddity -> elsewhere.add(finding(oddity)));
    }
    elsewhere.forEach(listener::found);
    List<Finding> all = new ArrayList<>(found.stream().flatMap(Optional::stream).toList());
    all.addAll(elsewhere);
    List<Item> hashed =
        IntStream.range(0, items.size())
            .filter(i -> found.get(i).filter(Verifier::nothingWasHashed).isEmpty())
            .mapToObj(items::get)
            .toList();
    long bytes = hashed.stream().mapToLong(Item::sizeBytes).sum();
    return new VerifyReport(hashed.size(), bytes, all, millis);
  }

  /** Its size would else pass for work that was done, at a rate that no disk has. */
  private static boolean nothingWasHashed(Finding finding) {
    return finding.kind() == Kind.UNREADABLE || finding.kind() == Kind.MISSING_BLOB;
  }

  private List<Item> items(List<FoundRepo> repos, Targets targets) {
    Checklist list = new Checklist(store, catalog, tree);
    for (FoundRepo repo : repos) {
      for (FoundSnapshot snapshot : repo.snapshots()) {
        list.add(repo, snapshot, path -> targets.mean(repo, snapshot.commit(), path));
      }
    }
    if (targets.everything()) {
      list.addTheRest();
    }
    // The largest first, so that no worker is left alone with it at the end.
    return list.items().stream()
        .sorted(Comparator.comparingLong(Item::sizeBytes).reversed())
        .toList();
  }

  private static List<Optional<Finding>> inspected(
      List<Item> items, Inspector inspector, Tally tally) {
    return new Crew(Runtime.getRuntime().availableProcessors())
        .run(
            items,
            item -> {
              Tally.Part part = tally.begin(item);
              return part.counted(inspector.inspect(item, part::moved));
            });
  }

  /** The nightly scrub need not look at them soon. */
  private void noteSound(List<Item> items, List<Optional<Finding>> found) {
    List<Digest> sound =
        IntStream.range(0, items.size())
            .filter(i -> found.get(i).isEmpty())
            .mapToObj(i -> items.get(i).blob())
            .filter(Objects::nonNull)
            .toList();
    catalog.checks().putChecked(sound, clock.instant());
  }

  /** Only what is still so after all was hashed: a neighbour may have been at work. */
  private List<Finding> unmended(FoundRepo repo) {
    List<Problem> still = tree.inspect(repo.repo()).map(FoundRepo::problems).orElse(List.of());
    return repo.problems().stream()
        .filter(still::contains)
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

  private static Finding finding(Oddity oddity) {
    Kind kind =
        switch (oddity.kind()) {
          case ORPHAN -> Kind.UNRECORDED_FILE;
          case STRAY -> Kind.STRAY;
          case LEFTOVER -> Kind.LEFTOVER;
          case COUNTER -> Kind.WRONG_COUNTER;
        };
    Outcome outcome =
        oddity.settled()
            ? Outcome.REPAIRED
            : oddity.kind() == Oddity.Kind.ORPHAN ? Outcome.QUARANTINED : Outcome.LEFT;
    return new Finding(kind, oddity.subject(), oddity.detail() + ".", outcome);
  }
}
