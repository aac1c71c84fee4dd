package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.Looked;
import dev.larder.store.BlobStore;
import dev.larder.upkeep.Hidden.HiddenFile;
import dev.larder.upkeep.Looking.Sight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is cached, read from the tree on disk: also what Python put there; and files of restricted
 * repos that only the store has. A folder that is as it was at the last time is not read again,
 * only its files are looked at for their sizes and times; what was read of it stands in the
 * catalog.
 */
public final class Inventory {
  private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

  /** Two changes of a folder within it may leave the same stamp; file systems count in less. */
  private static final Duration TICK = Duration.ofSeconds(2);

  private final HubTree tree;
  private final Catalog catalog;
  private final Hidden hidden;
  private final InstantSource clock;
  private final Predicate<RepoId> pinned;
  private final Looking looking;

  /**
   * {@code clock}: the one of this machine, as far as the file system's times are to be trusted.
   */
  public Inventory(BlobStore store, HubTree tree, Catalog catalog, InstantSource clock) {
    this(store, tree, catalog, clock, _ -> false);
  }

  /** {@code pinned}: whether something keeps the repo from being evicted. */
  public Inventory(
      BlobStore store,
      HubTree tree,
      Catalog catalog,
      InstantSource clock,
      Predicate<RepoId> pinned) {
    this.hidden = new Hidden(store, tree, catalog);
    this.tree = tree;
    this.catalog = catalog;
    this.clock = clock;
    this.pinned = pinned;
    looking = new Looking(tree);
  }

  /** Every repo with its files, by name. */
  public List<RepoListing> list() {
    return list(ListRequest.ALL);
  }

  /** Every repo, by name. */
  public List<RepoListing> list(ListRequest request) {
    Map<RepoId, byte[]> known = catalog.scans().all();
    Instant settled = clock.instant().minus(TICK);
    List<Sight> seen =
        crew()
            .run(tree.repos(), repo -> sight(repo, request.rescan() ? null : known.get(repo)))
            .stream()
            .flatMap(Optional::stream)
            .toList();
    remember(seen, known, settled.toEpochMilli() * 1_000_000L);
    List<Whole> wholes = withHidden(seen);
    List<Described> described = crew().run(wholes, whole -> Described.of(whole.sight()));
    Map<RepoId, Map<String, Instant>> used = catalog.lastUses();
    List<RepoListing> listings = new ArrayList<>();
    for (int i = 0; i < wholes.size(); i++) {
      listings.add(listing(described.get(i), used, request.files()).hiding(wholes.get(i).hidden()));
    }
    return Described.markShared(listings, described);
  }

  /** One repo; empty when nothing of it is here. */
  public Optional<RepoListing> find(RepoId repo) {
    Optional<Sight> seen = looking.at(repo);
    Optional<Whole> whole =
        hidden.isOf(repo) ? withHidden(repo, seen) : seen.map(sight -> new Whole(sight, 0));
    return whole.map(
        each ->
            listing(Described.of(each.sight()), catalog.lastUses(), true).hiding(each.hidden()));
  }

  /** {@code hidden}: how many of its files are not in the tree. */
  private record Whole(Sight sight, int hidden) {}

  /** By name. What is hidden is looked at each time; nothing of it is remembered. */
  private List<Whole> withHidden(List<Sight> seen) {
    Map<RepoId, Whole> wholes = new TreeMap<>();
    seen.forEach(sight -> wholes.put(sight.glimpse().repo(), new Whole(sight, 0)));
    for (RepoId repo : hidden.repos()) {
      withHidden(repo, Optional.ofNullable(wholes.get(repo)).map(Whole::sight))
          .ifPresent(whole -> wholes.put(repo, whole));
    }
    return List.copyOf(wholes.values());
  }

  private Optional<Whole> withHidden(RepoId repo, Optional<Sight> seen) {
    Set<Hidden.Entry> shown = new HashSet<>();
    seen.stream()
        .flatMap(sight -> sight.glimpse().entries().all().get().stream())
        .forEach(entry -> shown.add(new Hidden.Entry(entry.commit(), entry.path())));
    List<HiddenFile> files = hidden.files(repo, shown);
    if (files.isEmpty()) {
      return seen.map(sight -> new Whole(sight, 0));
    }
    FoundRepo all = hidden.with(repo, tree.inspect(repo), files);
    return Optional.of(new Whole(looking.sight(new Looked(all, List.of())), files.size()));
  }

  private RepoListing listing(
      Described described, Map<RepoId, Map<String, Instant>> used, boolean withFiles) {
    RepoId repo = described.sight().glimpse().repo();
    LastUse uses = new LastUse(used.getOrDefault(repo, Map.of()), clock.instant());
    return described.listing(tree, uses, pinned, withFiles);
  }

  private static Crew crew() {
    return new Crew(Runtime.getRuntime().availableProcessors());
  }

  private Optional<Sight> sight(RepoId repo, byte @Nullable [] body) {
    if (body != null) {
      Optional<Sight> same =
          GlimpseCodec.read(repo, body)
              .flatMap(
                  glimpse -> glimpse.measured(tree).map(files -> new Sight(glimpse, files, false)));
      if (same.isPresent()) {
        return same;
      }
    }
    return looking.at(repo);
  }

  private void remember(List<Sight> sights, Map<RepoId, byte[]> known, long settled) {
    Map<RepoId, byte[]> news = new HashMap<>();
    Set<RepoId> gone = new HashSet<>(known.keySet());
    for (Sight sight : sights) {
      Glimpse glimpse = sight.glimpse();
      if (!sight.fresh()) {
        gone.remove(glimpse.repo());
      } else if (glimpse.isSettled(settled)) {
        gone.remove(glimpse.repo());
        news.put(glimpse.repo(), GlimpseCodec.write(glimpse));
      }
    }
    try {
      catalog.scans().put(news);
      catalog.scans().forget(gone);
    } catch (CatalogException e) {
      LOG.atDebug().log("what was read is not remembered: {}", e.explanation());
    }
  }
}
