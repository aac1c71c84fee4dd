package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.ShownRow;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.Shown;
import dev.larder.store.BlobStore;
import dev.larder.store.BlobStore.InPlace;
import dev.larder.store.Lookup;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@link BlobRemoval} over the rooms: the catalog says which links are Larder's. */
public final class LinkedBlobRemoval implements BlobRemoval {
  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Seclusion seclusion;

  public LinkedBlobRemoval(BlobStore store, HubTree tree, Catalog catalog, Seclusion seclusion) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.seclusion = seclusion;
  }

  @Override
  public Optional<Path> foreign(Digest digest) {
    return foreign(digest, rows(digest));
  }

  private Optional<Path> foreign(Digest digest, Map<RepoId, List<ShownRow>> rows) {
    return store.inPlace(digest).map(InPlace::file).or(() -> tree.others(digest, shown(rows)));
  }

  private Map<RepoId, List<ShownRow>> rows(Digest digest) {
    return catalog.shownOf(digest).stream()
        .collect(Collectors.groupingBy(ShownRow::repo, LinkedHashMap::new, Collectors.toList()));
  }

  @Override
  public Removed remove(Digest digest) {
    Map<RepoId, List<ShownRow>> rows = rows(digest);
    Optional<Path> foreign = foreign(digest, rows);
    if (foreign.isPresent()) {
      return new Removed.Foreign(foreign.get());
    }
    if (!(store.find(digest) instanceof Lookup.Present(_, long sizeBytes))) {
      return new Removed.Absent();
    }
    if (store.isLeased(digest)) {
      return new Removed.Held();
    }
    boolean done = false;
    try {
      rows.forEach(this::takeOut);
      Removed removed = removeFile(digest, sizeBytes, rows);
      done = true;
      return removed;
    } finally {
      if (!done) {
        // How far it came is not known: what memory believes to be in the tree may be gone.
        rows.keySet().forEach(seclusion::removed);
      }
    }
  }

  private Removed removeFile(Digest digest, long sizeBytes, Map<RepoId, List<ShownRow>> rows) {
    // Somebody may have found the blob, and shown it in the tree, a moment ago.
    boolean named = tree.others(digest, Map.of()).isPresent();
    return switch (store.remove(digest)) {
      case REMOVED -> new Removed.Freed(named ? 0 : sizeBytes);
      case ABSENT -> new Removed.Absent();
      case HELD -> {
        rows.forEach(this::putBack);
        yield new Removed.Held();
      }
    };
  }

  private void takeOut(RepoId repo, List<ShownRow> rows) {
    seclusion.alone(
        repo,
        () -> {
          boolean snapshotWent = tree.withdraw(repo, tree.linked(repo, shown(rows)));
          catalog.forgetShown(rows);
          if (snapshotWent) {
            seclusion.removed(repo);
          }
        });
  }

  /** A reader was faster. Its ref comes back when the branch is asked for again. */
  private void putBack(RepoId repo, List<ShownRow> rows) {
    seclusion.alone(
        repo,
        () ->
            rows.forEach(
                row -> {
                  catalog.putShown(row);
                  tree.publish(repo, row.commit(), row.path(), row.identity(), row.digest());
                }));
  }

  private static Map<RepoId, List<Shown>> shown(Map<RepoId, List<ShownRow>> rows) {
    Map<RepoId, List<Shown>> shown = new LinkedHashMap<>();
    rows.forEach((repo, each) -> shown.put(repo, shown(each)));
    return shown;
  }

  private static List<Shown> shown(List<ShownRow> rows) {
    return rows.stream()
        .map(row -> new Shown(row.commit(), row.path(), row.identity(), row.digest()))
        .toList();
  }
}
