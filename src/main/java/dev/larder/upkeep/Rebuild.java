package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down in a catalog that began empty what the tree on disk tells: refs, and what the commits
 * hold. Hashes nothing and asks nobody; may be cut and repeated.
 *
 * <p>Who may read a repo is not on disk. A tree may hold what Python, or its owner's token, brought
 * in: being there does not make a repo public, so nothing is written about that, and a server asks
 * the hub with the caller's own token before it gives anything out. Counters and last uses are
 * gone.
 */
public final class Rebuild {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  private final HubTree tree;
  private final Catalog catalog;

  public Rebuild(HubTree tree, Catalog catalog) {
    this.tree = tree;
    this.catalog = catalog;
  }

  /** Ends early, between two repos, when {@code stop} says so. */
  public void run(BooleanSupplier stop) {
    int repos = 0;
    int entries = 0;
    for (FoundRepo repo : tree.scan()) {
      if (stop.getAsBoolean()) {
        return;
      }
      entries += repo.snapshots().stream().mapToInt(snapshot -> put(repo.repo(), snapshot)).sum();
      repo.refs().forEach(ref -> put(repo.repo(), ref));
      repos++;
    }
    if (repos > 0) {
      // It may be new or lost: from here both look alike.
      LOG.atWarn()
          .addKeyValue("repos", repos)
          .addKeyValue("entries", entries)
          .log(
              "The catalog held nothing and is filled from the files on disk; uses are counted from"
                  + " now on, and who may read a repo is asked of the hub");
    }
  }

  /** Never confirmed, so the hub is asked as soon as it can be. */
  private void put(RepoId repo, HubTree.FoundRef ref) {
    if (catalog.ref(repo, ref.revision()).isEmpty()) {
      catalog.putRef(new RefRow(repo, ref.revision(), ref.commit(), Instant.EPOCH));
    }
  }

  /** The listing knows files that are not here; of those that are, the links know best. */
  private int put(RepoId repo, FoundSnapshot snapshot) {
    Map<EntryPath, EntryRow> rows = new LinkedHashMap<>();
    tree.listing(repo, snapshot.commit())
        .ifPresent(
            files ->
                files.forEach(
                    file ->
                        rows.put(
                            file.path(),
                            row(repo, snapshot, file.path(), file.identity(), file.sizeBytes()))));
    for (FoundFile file : snapshot.files()) {
      file.identity()
          .ifPresent(
              identity ->
                  rows.put(
                      file.path(), row(repo, snapshot, file.path(), identity, file.sizeBytes())));
    }
    catalog.putEntries(rows.values());
    return rows.size();
  }

  private static EntryRow row(
      RepoId repo, FoundSnapshot snapshot, EntryPath path, Identity identity, long sizeBytes) {
    return new EntryRow(
        repo, snapshot.commit(), path, identity, sizeBytes, identity instanceof Digest);
  }
}
