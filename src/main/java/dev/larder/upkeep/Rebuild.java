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
import dev.larder.hubcache.HubTree.FoundSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down in a catalog that began empty what the tree on disk tells: refs, and what the commits
 * hold, and which SHA-256 the git blob ids stand for. Hashes only small files that came through the
 * store, for that; asks nobody; may be cut and repeated, and is until it once came to its end.
 *
 * <p>Who may read a repo is not on disk. A tree may hold what Python, or its owner's token, brought
 * in: being there does not make a repo public, so nothing is written about that, and a server asks
 * the hub with the caller's own token before it gives anything out. Counters and last uses are
 * gone.
 *
 * <p>Nor is it on disk which repo at the hub a folder came from, or that its name has changed hands
 * since: every commit found counts as one of the repo that has the name now. To doubt them all
 * until the hub confirms them would leave nothing of a cache to be used without a hub.
 */
public final class Rebuild {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  /** Repos whose rows are written at once: each write waits for the disk. */
  private static final int TOGETHER = 100;

  private final HubTree tree;
  private final Catalog catalog;
  private final boolean lost;

  /** {@code lost}: there was a Larder here before, and so a catalog. */
  public Rebuild(HubTree tree, Catalog catalog, boolean lost) {
    this.tree = tree;
    this.catalog = catalog;
    this.lost = lost;
  }

  /** Ends early, between two repos, when {@code stop} says so. */
  public void run(BooleanSupplier stop) {
    int repos = 0;
    int entries = 0;
    GitPins pins = new GitPins(catalog);
    List<RepoId> all = tree.repos();
    for (int from = 0; from < all.size(); from += TOGETHER) {
      List<RepoId> some = all.subList(from, Math.min(from + TOGETHER, all.size()));
      List<Told> told =
          new Crew(Runtime.getRuntime().availableProcessors())
              .run(some, repo -> stop.getAsBoolean() ? Optional.<Told>empty() : told(repo)).stream()
                  .flatMap(Optional::stream)
                  .toList();
      if (stop.getAsBoolean()) {
        return;
      }
      catalog.putEntries(told.stream().flatMap(each -> each.entries().stream()).toList());
      catalog.addRefs(told.stream().flatMap(each -> each.refs().stream()).toList());
      told.forEach(each -> each.files().forEach(pins::pin));
      repos += told.size();
      entries += told.stream().mapToInt(each -> each.entries().size()).sum();
    }
    catalog.noteFilled();
    if (repos > 0 && !lost) {
      LOG.atInfo().addKeyValue("repos", repos).log("What Python put here is in the new catalog");
    } else if (repos > 0) {
      LOG.atWarn()
          .addKeyValue("repos", repos)
          .addKeyValue("entries", entries)
          .log(
              "The catalog held nothing, or not all, and is filled from the files on disk; uses are counted from"
                  + " now on, who may read a repo is asked of the hub, and tokens, grants and pins,"
                  + " if there were any, are to be made again");
    }
  }

  /** What one folder tells. */
  private record Told(List<EntryRow> entries, List<RefRow> refs, List<FoundFile> files) {}

  /** A ref was never confirmed here, so the hub is asked as soon as it can be. */
  private Optional<Told> told(RepoId repo) {
    return tree.inspect(repo)
        .map(
            found ->
                new Told(
                    found.snapshots().stream()
                        .flatMap(snapshot -> entries(repo, snapshot).stream())
                        .toList(),
                    found.refs().stream()
                        .map(r -> new RefRow(repo, r.revision(), r.commit(), Instant.EPOCH))
                        .toList(),
                    found.snapshots().stream()
                        .flatMap(snapshot -> snapshot.files().stream())
                        .toList()));
  }

  /**
   * A link may have been made anew by anybody, and names what is here; the listing was written with
   * the commit, and names what it holds. It knows files that are not here, too.
   */
  private Collection<EntryRow> entries(RepoId repo, FoundSnapshot snapshot) {
    Map<EntryPath, EntryRow> rows = new LinkedHashMap<>();
    for (FoundFile file : snapshot.files()) {
      file.identity()
          .ifPresent(
              identity ->
                  rows.put(
                      file.path(), row(repo, snapshot, file.path(), identity, file.sizeBytes())));
    }
    tree.listing(repo, snapshot.commit())
        .ifPresent(
            files ->
                files.forEach(
                    file ->
                        rows.put(
                            file.path(),
                            row(repo, snapshot, file.path(), file.identity(), file.sizeBytes()))));
    return rows.values();
  }

  private static EntryRow row(
      RepoId repo, FoundSnapshot snapshot, EntryPath path, Identity identity, long sizeBytes) {
    return new EntryRow(
        repo, snapshot.commit(), path, identity, sizeBytes, identity instanceof Digest);
  }
}
