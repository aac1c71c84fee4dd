package dev.larder.app;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.mirror.CachingHubMirror;
import dev.larder.mirror.Caller;
import dev.larder.mirror.MirrorRooms;
import dev.larder.mirror.MirrorSettings;
import dev.larder.mirror.Puller;
import dev.larder.mirror.Traffic;
import dev.larder.settings.Settings;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.ReadOnlyBlobStore;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.store.StoreLimits;
import dev.larder.transfer.Flights;
import dev.larder.upkeep.Inventory;
import dev.larder.upkeep.Rebuild;
import dev.larder.upkeep.Verifier;
import dev.larder.upstream.Cidr;
import dev.larder.upstream.Credential;
import dev.larder.upstream.EgressGuard;
import dev.larder.upstream.Origin;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.Wire;
import dev.larder.upstream.huggingface.HubClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms over one root, opened in one order and closed in the reverse one: catalog, store, tree,
 * upstream, flights, mirror. Whoever opens it holds the store's lock.
 */
final class House implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(House.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Catalog catalog;
  private final BlobStore store;
  private final HubTree tree;
  private final Flights flights;
  private final CachingHubMirror mirror;
  private final Traffic traffic;

  /** {@code personal}: the root belongs to the person who runs the command, not to a site. */
  static House open(Settings settings, boolean personal, InstantSource clock) {
    return open(settings, personal, clock, Tuning.DEFAULT);
  }

  static House open(Settings settings, boolean personal, InstantSource clock, Tuning tuning) {
    return new House(settings, personal, Optional.empty(), clock, tuning);
  }

  /**
   * Over a root that cannot be written, for {@code reason}: the catalog is in memory and begins
   * empty, and there is no lock to hold.
   */
  static House openToRead(Settings settings, StoreReadOnly reason, InstantSource clock) {
    return new House(settings, true, Optional.of(reason), clock, Tuning.DEFAULT);
  }

  private House(
      Settings settings,
      boolean personal,
      Optional<StoreReadOnly> readOnly,
      InstantSource clock,
      Tuning tuning) {
    try {
      Path larder = settings.home().resolve("larder");
      Disk disk = new LocalDisk();
      boolean empty = false;
      if (readOnly.isPresent()) {
        catalog = JdbiCatalog.openInMemory();
      } else {
        JdbiCatalog.Opened found = JdbiCatalog.open(larder.resolve("catalog.db"), clock);
        catalog = found.catalog();
        empty = found.empty();
      }
      opened.push(catalog);
      store =
          readOnly
              .<BlobStore>map(reason -> new ReadOnlyBlobStore(larder, disk, reason))
              .orElseGet(() -> openStore(settings, disk, clock));
      opened.push(store);
      tree = LocalHubTree.open(settings.hubCache(), disk, store);
      if (empty) {
        opened.push(rebuilding(personal));
      }
      HubClient upstream = upstream(settings, tuning, clock);
      opened.push(upstream);
      traffic = new Traffic(catalog, clock);
      opened.push(TrafficFlush.begin(traffic));
      flights = new Flights(store, tuning.transfer().withConnections(settings.fetchConnections()));
      opened.push(flights);
      mirror =
          new CachingHubMirror(
              upstream,
              new MirrorRooms(store, catalog, tree, traffic),
              flights,
              decisions(settings, personal, tuning),
              clock);
      opened.push(mirror);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Before a command does its work, which may be over soon; beside a server's first answers, which
   * find in the tree itself what is not written down yet.
   */
  private CatalogRebuild rebuilding(boolean first) {
    CatalogRebuild rebuild = CatalogRebuild.begin(new Rebuild(tree, catalog));
    if (first) {
      rebuild.await();
    }
    return rebuild;
  }

  private BlobStore openStore(Settings settings, Disk disk, InstantSource clock) {
    return LocalBlobStore.open(
        settings.home().resolve("larder"),
        disk,
        new CatalogLedger(catalog),
        new StoreLimits(settings.maxSizeBytes().orElse(Long.MAX_VALUE), settings.minFreeBytes()),
        clock);
  }

  private static HubClient upstream(Settings settings, Tuning tuning, InstantSource clock) {
    URI base = settings.hubUpstream();
    var allowed =
        settings.allowPrivate().stream().map(cidr -> Cidr.parse(cidr.toString())).toList();
    Throttle throttle = settings.maxRateBytes().map(Throttle::of).orElseGet(Throttle::unlimited);
    Wire wire = new Wire(new EgressGuard(Origin.of(base), allowed), tuning.wire(), throttle);
    return new HubClient(base, wire, clock);
  }

  private static MirrorSettings decisions(Settings settings, boolean personal, Tuning tuning) {
    Credential site =
        settings
            .upstreamToken()
            .<Credential>map(Credential.Token::new)
            .orElse(Credential.ANONYMOUS);
    return new MirrorSettings(
        settings.refTtl(),
        settings.negativeTtl(),
        settings.accessTtl(),
        settings.offline(),
        personal || settings.adoptedPublic(),
        personal,
        site,
        tuning.patience());
  }

  Catalog catalog() {
    return catalog;
  }

  Traffic traffic() {
    return traffic;
  }

  CachingHubMirror mirror() {
    return mirror;
  }

  Puller puller() {
    return new Puller(mirror, tree);
  }

  Inventory inventory() {
    return new Inventory(tree, catalog);
  }

  Verifier verifier(Caller caller) {
    return new Verifier(
        store,
        tree,
        catalog,
        new Verifier.Refetch() {
          @Override
          public void fetch(RepoId repo, Commit commit, EntryPath path) {
            puller().fetchAgain(repo, commit, path, caller);
          }

          @Override
          public Commit resolve(RepoId repo, Revision revision) {
            return puller().commitOf(repo, revision, caller);
          }
        });
  }

  /** Closes everything that was opened, the last first, whatever fails on the way. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable room = opened.pop();
      try {
        room.close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("a room did not close well");
      }
    }
  }
}
