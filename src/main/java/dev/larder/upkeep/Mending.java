package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.hubcache.HubTreeException;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import dev.larder.upkeep.Finding.Outcome;
import dev.larder.upkeep.Verifier.Refetch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes refs and links of the tree anew: from what is here, else from the hub. Whether that helped
 * is looked up in the tree afterwards.
 */
final class Mending {
  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Refetch refetch;

  Mending(BlobStore store, HubTree tree, Catalog catalog, Refetch refetch) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.refetch = refetch;
  }

  /** What is wrong with {@code repo}, and what has become of it. */
  List<Finding> mend(FoundRepo repo) {
    Map<Problem, String> tried = new LinkedHashMap<>();
    repo.problems().forEach(problem -> tried.put(problem, attempt(repo, problem)));
    List<Problem> left =
        tree.inspect(repo.repo()).map(FoundRepo::problems).orElseGet(repo::problems);
    return tried.entrySet().stream()
        .map(
            each ->
                mendable(each.getKey()) && !remains(each.getKey(), left)
                    ? Verifier.finding(repo, each.getKey(), "", Outcome.REPAIRED)
                    : Verifier.finding(repo, each.getKey(), each.getValue(), Outcome.LEFT))
        .toList();
  }

  private static boolean mendable(Problem problem) {
    return problem.kind() == Problem.Kind.REF || problem.kind() == Problem.Kind.LINK;
  }

  /** The same place may be wrong in another way now. */
  private static boolean remains(Problem problem, List<Problem> left) {
    return left.stream()
        .anyMatch(
            other ->
                other.equals(problem)
                    || switch (problem.place()) {
                      case Problem.Place.Ref(var revision, _) ->
                          other.place() instanceof Problem.Place.Ref(var still, _)
                              && still.equals(revision);
                      case Problem.Place.Link(var commit, var path, _) ->
                          other.place() instanceof Problem.Place.Link(var in, var still, _)
                              && in.equals(commit)
                              && still.equals(path);
                      case Problem.Place.Elsewhere _ -> false;
                    });
  }

  /** Returns why it did not work, empty when nothing speaks against it. */
  private String attempt(FoundRepo repo, Problem problem) {
    try {
      return switch (problem.place()) {
        case Problem.Place.Ref ref -> ref(repo, ref);
        case Problem.Place.Link link -> link(repo.repo(), link);
        case Problem.Place.Elsewhere _ -> "";
      };
    } catch (LarderException e) {
      return e.explanation();
    }
  }

  /** To a commit that is here: a ref without its snapshot would be the next damage. */
  private String ref(FoundRepo repo, Problem.Place.Ref ref) {
    Optional<Commit> commit =
        ref.meant()
            .filter(meant -> here(repo, meant))
            .or(
                () ->
                    catalog
                        .ref(repo.repo(), ref.revision())
                        .map(Catalog.RefRow::commit)
                        .filter(known -> here(repo, known)));
    Commit target;
    try {
      target = commit.orElseGet(() -> refetch.resolve(repo.repo(), ref.revision()));
    } catch (LarderException e) {
      // Only its owner can tell whether a ref that the hub does not have is missed by anybody.
      return "%s If the hub has no such revision, delete %s."
          .formatted(
              e.explanation(), repo.folder().resolve("refs").resolve(ref.revision().toString()));
    }
    if (!here(repo, target)) {
      return "It means commit %s, of which nothing is here; 'larder pull %s@%s' brings it."
          .formatted(target, repo.repo(), ref.revision());
    }
    tree.writeRef(repo.repo(), ref.revision(), target);
    return "";
  }

  private static boolean here(FoundRepo repo, Commit commit) {
    return repo.snapshots().stream()
        .anyMatch(snapshot -> snapshot.commit().equals(commit) && !snapshot.files().isEmpty());
  }

  /** Whether the tree has a file for an entry. */
  boolean shows(Checklist.Place place) {
    return tree.find(place.repo(), place.commit(), place.path()).isPresent();
  }

  /** Makes an entry lead to sound bytes; throws when it does not then. */
  void relink(Checklist.Place place, Identity identity) {
    String _ =
        link(
            place.repo(),
            new Problem.Place.Link(place.commit(), place.path(), Optional.of(identity)));
    HubTree.FoundFile now =
        tree.find(place.repo(), place.commit(), place.path())
            .orElseThrow(
                () -> new HubTreeException("%s is not in the tree".formatted(place), null));
    Digest _ = store.adopt(now.file(), identity);
  }

  private String link(RepoId repo, Problem.Place.Link link) {
    Optional<Identity> identity = identity(repo, link);
    Optional<Digest> digest = identity.flatMap(this::inStore);
    if (digest.isPresent() && isOpen(repo)) {
      tree.publish(repo, link.commit(), link.path(), identity.get(), digest.get());
    } else {
      refetch.fetch(repo, link.commit(), link.path());
    }
    return "";
  }

  /** Only its owner knows whether a restricted repo may appear in this tree: the mirror. */
  private boolean isOpen(RepoId repo) {
    return catalog
        .repo(repo)
        .filter(row -> row.visibility() == Catalog.Visibility.RESTRICTED)
        .isEmpty();
  }

  /** What the hub said of the entry counts for more than the text of a link. */
  private Optional<Identity> identity(RepoId repo, Problem.Place.Link link) {
    return catalog
        .entry(repo, link.commit(), link.path())
        .map(Catalog.EntryRow::identity)
        .or(
            () ->
                tree.listing(repo, link.commit()).stream()
                    .flatMap(List::stream)
                    .filter(file -> file.path().equals(link.path()))
                    .map(ListedFile::identity)
                    .findFirst())
        .or(link::blob);
  }

  Optional<Digest> inStore(Identity identity) {
    return identity
        .digest(catalog::blobOf)
        .filter(named -> store.find(named) instanceof Lookup.Present);
  }
}
