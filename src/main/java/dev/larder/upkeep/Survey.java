package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.catalog.SpaceRows.NeedRow;
import dev.larder.catalog.SpaceRows.WorthRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds out what a plan of eviction has to know: from the catalog, and of blobs that nobody showed
 * in the tree by one look at their file each, and of each pinned branch its file. No directory is
 * read.
 */
final class Survey {
  /** What has no row that names it yet may be about to get one. */
  static final Duration GRACE = Duration.ofHours(1);

  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Supplier<Set<Snapshot>> pulling;

  /** {@code pulling}: snapshots that are being brought just now. */
  Survey(BlobStore store, HubTree tree, Catalog catalog, Supplier<Set<Snapshot>> pulling) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.pulling = pulling;
  }

  /** What one look at the catalog found. */
  private record Found(
      Map<Digest, List<NeedRow>> needs,
      Map<RepoId, Commit> newest,
      Map<RepoId, Visibility> visibility,
      Map<Digest, String> pinned,
      Set<Snapshot> pulling) {}

  /** A candidate, and the rows that name it. */
  record Surveyed(Candidate candidate, List<NeedRow> needs) {}

  List<Surveyed> at(Instant now) {
    // Before the rows: what a pull brings is written down while it runs.
    Set<Snapshot> underWay = pulling.get();
    List<NeedRow> needs = catalog.space().needs();
    Found found =
        new Found(
            needs.stream().collect(Collectors.groupingBy(NeedRow::digest)),
            catalog.space().newestRefs().stream()
                .collect(Collectors.toMap(RefRow::repo, RefRow::commit)),
            catalog.repos().stream().collect(Collectors.toMap(RepoRow::repo, RepoRow::visibility)),
            Pinned.of(catalog.space().pins(), needs, new Meaning(catalog, tree), now).owners(),
            underWay);
    return catalog.space().worths().stream().map(worth -> surveyed(worth, found, now)).toList();
  }

  private Surveyed surveyed(WorthRow worth, Found found, Instant now) {
    List<NeedRow> needs = found.needs().getOrDefault(worth.digest(), List.of());
    Instant changed = FileStat.time(worth.changedNanos());
    boolean young = changed.plus(GRACE).isAfter(now);
    Set<RepoId> newest = new HashSet<>();
    Set<RepoId> older = new HashSet<>();
    for (NeedRow need : needs) {
      Commit commit = found.newest().get(need.repo());
      (commit == null || commit.equals(need.commit()) ? newest : older).add(need.repo());
    }
    older.removeAll(newest);
    return new Surveyed(
        new Candidate(
            worth.digest(),
            worth.sizeBytes(),
            lastUsed(worth, changed, now),
            young,
            refetch(needs, found),
            newest,
            older,
            hold(worth, needs, young, found)),
        needs);
  }

  /**
   * A blob that came a moment ago, not for the first time, may have the use of its earlier life
   * noted. A change that lies ahead is of another clock.
   */
  private static Instant lastUsed(WorthRow worth, Instant changed, Instant now) {
    return worth
        .lastUsed()
        .filter(used -> used.isAfter(changed) || changed.isAfter(now))
        .orElse(changed);
  }

  /** The cheapest way: one repo is enough to have it from. */
  private static RefetchCost refetch(List<NeedRow> needs, Found found) {
    Map<Visibility, Boolean> seen = new HashMap<>();
    needs.forEach(
        need -> seen.put(found.visibility().getOrDefault(need.repo(), Visibility.UNKNOWN), true));
    if (seen.containsKey(Visibility.PUBLIC)) {
      return RefetchCost.EASY;
    }
    return seen.containsKey(Visibility.RESTRICTED)
        ? RefetchCost.WITH_RIGHTS
        : RefetchCost.MAYBE_NOT;
  }

  private Optional<Hold> hold(WorthRow worth, List<NeedRow> needs, boolean young, Found found) {
    Digest digest = worth.digest();
    String owner = found.pinned().get(digest);
    if (owner != null) {
      return Optional.of(new Hold(Hold.Kind.PINNED, owner));
    }
    if (needs.stream()
        .anyMatch(need -> found.pulling().contains(new Snapshot(need.repo(), need.commit())))) {
      return Optional.of(Hold.of(Hold.Kind.IN_FLIGHT));
    }
    if (store.isLeased(digest)) {
      return Optional.of(Hold.of(Hold.Kind.LEASED));
    }
    if (needs.isEmpty() && young) {
      return Optional.of(Hold.of(Hold.Kind.FRESH));
    }
    return worth.shown() || tree.others(digest, Map.of()).isEmpty()
        ? Optional.empty()
        : Optional.of(Hold.of(Hold.Kind.FOREIGN));
  }
}
