package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.store.BlobStore;
import dev.larder.store.BlobStore.Inspection;
import dev.larder.store.StoreException;
import dev.larder.upkeep.Finding.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recomputes hashes from disk: of blobs in the store, and of files in the tree that never came into
 * it. Asks nobody unless it repairs; then what is damaged goes to quarantine and is fetched again.
 */
public final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Refetch refetch;

  /**
   * Brings one file of a commit here again; throws a {@link LarderException} when that is not
   * possible.
   */
  @FunctionalInterface
  public interface Refetch {
    void fetch(RepoId repo, Commit commit, EntryPath path);
  }

  public Verifier(BlobStore store, HubTree tree, Catalog catalog, Refetch refetch) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.refetch = refetch;
  }

  /** Where a blob is used, so that it can be fetched again. */
  private record Place(RepoId repo, Commit commit, EntryPath path) {
    @Override
    public String toString() {
      return repo + "@" + commit.hex().substring(0, 7) + "/" + path;
    }
  }

  /** One thing to hash: a blob of the store, or a file that lies in the tree alone. */
  private record Item(
      @Nullable Digest blob, @Nullable FoundFile file, @Nullable Place place, long sizeBytes) {}

  /** Throws {@link NotCached} for a target that is not here at all. */
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    List<FoundRepo> repos =
        tree.scan().stream().filter(repo -> meant(repo.repo(), request)).toList();
    request.targets().forEach(target -> requireCached(target, repos));
    List<Item> items = items(repos, request);
    List<Finding> findings = new ArrayList<>();
    long total = items.stream().mapToLong(Item::sizeBytes).sum();
    long checked = 0;
    for (Item item : items) {
      inspect(item, request.repair()).ifPresent(finding -> report(finding, findings, listener));
      checked += item.sizeBytes();
      listener.progress(name(item), checked, total);
    }
    repos.stream()
        .flatMap(repo -> repo.problems().stream().map(problem -> problem(repo, problem)))
        .forEach(finding -> report(finding, findings, listener));
    return new VerifyReport(items.size(), total, findings);
  }

  private static void requireCached(VerifyTarget target, List<FoundRepo> repos) {
    VerifyRequest alone = new VerifyRequest(List.of(target), false);
    boolean here =
        repos.stream()
            .filter(repo -> repo.repo().equals(target.repo()))
            .anyMatch(
                repo ->
                    target.revision().isEmpty()
                        || repo.snapshots().stream().anyMatch(s -> meant(repo, s.commit(), alone)));
    if (!here) {
      throw new NotCached(target);
    }
  }

  private static boolean meant(RepoId repo, VerifyRequest request) {
    return request.targets().isEmpty()
        || request.targets().stream().anyMatch(t -> t.repo().equals(repo));
  }

  private static void report(Finding finding, List<Finding> findings, VerifyListener listener) {
    findings.add(finding);
    listener.found(finding);
  }

  private static String name(Item item) {
    return item.place() != null ? item.place().toString() : String.valueOf(item.blob());
  }

  private List<Item> items(List<FoundRepo> repos, VerifyRequest request) {
    Map<Object, Item> items = new LinkedHashMap<>();
    for (FoundRepo repo : repos) {
      repo.snapshots().stream()
          .filter(snapshot -> meant(repo, snapshot.commit(), request))
          .forEach(
              snapshot ->
                  snapshot.files().forEach(file -> add(items, repo, snapshot.commit(), file)));
    }
    if (request.targets().isEmpty()) {
      store
          .list()
          .forEach(
              blob ->
                  items.putIfAbsent(
                      blob.digest(), new Item(blob.digest(), null, null, blob.sizeBytes())));
    }
    return List.copyOf(items.values());
  }

  private static boolean meant(FoundRepo repo, Commit commit, VerifyRequest request) {
    return request.targets().stream()
        .filter(target -> target.repo().equals(repo.repo()))
        .allMatch(
            target ->
                target.revision().isEmpty()
                    || target.revision().get().name().equals(commit.hex())
                    || repo.refs().stream()
                        .anyMatch(
                            ref ->
                                ref.revision().equals(target.revision().get())
                                    && ref.commit().equals(commit)));
  }

  private void add(Map<Object, Item> items, FoundRepo repo, Commit commit, FoundFile file) {
    Place place = new Place(repo.repo(), commit, file.path());
    Optional<Digest> digest = file.identity().flatMap(this::digest).filter(this::inStore);
    if (digest.isPresent()) {
      items.putIfAbsent(digest.get(), new Item(digest.get(), file, place, file.sizeBytes()));
    } else {
      items.putIfAbsent(file.file(), new Item(null, file, place, file.sizeBytes()));
    }
  }

  private Optional<Digest> digest(Identity identity) {
    return switch (identity) {
      case Digest sha256 -> Optional.of(sha256);
      case GitBlobId id -> catalog.blobOf(id);
    };
  }

  private boolean inStore(Digest digest) {
    return store.find(digest) instanceof dev.larder.store.Lookup.Present;
  }

  private Optional<Finding> inspect(Item item, boolean repair) {
    if (item.blob() != null) {
      return inspectBlob(item.blob(), item, repair);
    }
    FoundFile file = item.file();
    return file == null || file.identity().isEmpty()
        ? Optional.empty()
        : inspectFile(file, item, repair);
  }

  private Optional<Finding> inspectBlob(Digest digest, Item item, boolean repair) {
    return switch (store.inspect(digest)) {
      case Inspection.Sound _ -> Optional.empty();
      case Inspection.Missing _ ->
          Optional.of(repaired(Kind.MISSING_BLOB, item, "the blob " + digest + " is gone", repair));
      case Inspection.Damaged(Digest found, _) -> {
        if (repair) {
          store.quarantine(digest, "verify found " + found);
        }
        yield Optional.of(
            repaired(
                Kind.DAMAGED_BLOB, item, "the blob " + digest + " hashes to " + found, repair));
      }
    };
  }

  /** A file that only the tree has: taking it over hashes it. */
  private Optional<Finding> inspectFile(FoundFile file, Item item, boolean repair) {
    try {
      Identity identity = file.identity().orElseThrow();
      Digest digest = store.adopt(file.file(), identity);
      if (identity instanceof GitBlobId id) {
        catalog.pinBlob(id, digest);
      }
      return Optional.empty();
    } catch (StoreException.BlobMismatch e) {
      return Optional.of(
          repaired(
              Kind.DAMAGED_BLOB,
              item,
              "the file hashes to " + e.found() + ", its name says " + e.expected(),
              repair));
    } catch (StoreException.StoreIo | StoreException.StoreFull e) {
      return Optional.of(
          new Finding(
              Kind.DAMAGED_BLOB, name(item), "it could not be read: " + e.explanation(), false));
    }
  }

  private Finding repaired(Kind kind, Item item, String detail, boolean repair) {
    Place place = item.place();
    if (!repair) {
      return new Finding(kind, name(item), detail, false);
    }
    if (place == null) {
      return new Finding(
          kind, name(item), detail + "; no repo here uses it, so it is not fetched again", true);
    }
    try {
      refetch.fetch(place.repo(), place.commit(), place.path());
      return new Finding(kind, name(item), detail + "; fetched again", true);
    } catch (LarderException e) {
      LOG.atWarn().addKeyValue("place", place).log("repair failed: {}", e.explanation());
      return new Finding(
          kind, name(item), detail + "; it could not be fetched again: " + e.explanation(), false);
    }
  }

  private static Finding problem(FoundRepo repo, String problem) {
    Kind kind =
        problem.startsWith("ref ") || problem.contains(" ref ")
            ? Kind.TORN_REF
            : problem.contains("link") ? Kind.DANGLING_LINK : Kind.STRAY;
    return new Finding(kind, repo.repo().toString(), problem, false);
  }
}
