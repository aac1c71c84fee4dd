package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.TreeClearing.Look;
import dev.larder.store.BlobStore;
import dev.larder.upkeep.Holdings.Repo;
import dev.larder.upkeep.Holdings.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@link Holdings} from the disk and the catalog. Hashes nothing. */
final class HoldingsReader {
  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Map<GitBlobId, Optional<Digest>> pins = new HashMap<>();

  HoldingsReader(BlobStore store, HubTree tree, Catalog catalog) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
  }

  /** {@code pinned}: blobs that stay, whoever needs them. */
  Holdings read(Set<Digest> pinned, Instant now) {
    List<Stored> stored = stored();
    Map<RepoId, Map<String, Instant>> used = catalog.lastUses();
    Map<Long, Digest> byInode = new HashMap<>();
    stored.forEach(blob -> byInode.put(blob.file().inode(), blob.digest()));
    List<Repo> repos = new ArrayList<>();
    for (RepoId repo : repoIds()) {
      Optional<Look> look = tree.clearing().look(repo);
      List<EntryRow> rows = catalog.entries(repo);
      if (look.isPresent() || !rows.isEmpty()) {
        repos.add(
            new RepoReading(this::digestOf, byInode, countsRows(repo))
                .read(
                    repo,
                    look,
                    rows,
                    catalog.refs(repo),
                    new LastUse(used.getOrDefault(repo, Map.of()), now)));
      }
    }
    return new Holdings(List.copyOf(repos), stored, tree.clearing().sharedBlobs(), pinned);
  }

  private Set<RepoId> repoIds() {
    Set<RepoId> repos = new TreeSet<>(tree.clearing().repos());
    repos.addAll(catalog.reposWithContents());
    return repos;
  }

  /**
   * Whether the repo's files may be cached without standing in the tree: then the catalog alone
   * leads to them. So a server keeps what is not for everybody, and whoever looks at the same cache
   * without it finds it as it was left.
   */
  private boolean countsRows(RepoId repo) {
    return catalog
        .repo(repo)
        .map(RepoRow::visibility)
        .filter(Visibility.RESTRICTED::equals)
        .isPresent();
  }

  private List<Stored> stored() {
    List<Stored> stored = new ArrayList<>();
    for (BlobStore.StoredBlob blob : store.list()) {
      store
          .stat(blob.digest())
          .ifPresent(
              file -> stored.add(new Stored(blob.digest(), file, store.isLeased(blob.digest()))));
    }
    return List.copyOf(stored);
  }

  private Optional<Digest> digestOf(String name) {
    try {
      return Identity.ofHex(name).digest(id -> pins.computeIfAbsent(id, catalog::blobOf));
    } catch (InvalidName _) {
      return Optional.empty(); // Somebody's file: Larder's store never has it under that name.
    }
  }
}
