package dev.larder.app;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.catalog.CatalogException;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.ByHand;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.mirror.Traffic;
import dev.larder.settings.Location;
import dev.larder.settings.Settings;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.ReadOnlyBlobStore;
import dev.larder.store.StoreException;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.store.StoreLimits;
import dev.larder.upkeep.Ballast;
import dev.larder.upkeep.Rebuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a location is on its disk: catalog, store and tree, opened in this order and closed in the
 * reverse one. Each location has its own, with its own budget. Whoever opens it holds the store's
 * lock, unless it is only read.
 */
final class LocationRooms implements AutoCloseable {
  private final Location location;
  private final Disk disk;
  private final Closing opened = new Closing();
  private final Catalog catalog;
  private final BlobStore store;
  private final HubTree tree;
  private final boolean empty;
  private final boolean usedBefore;
  private final Optional<StoreReadOnly> readOnly;
  private final Optional<CatalogException> unknown;
  private @Nullable CatalogRebuild rebuild;

  /** {@code readOnly}: why it cannot be written; then its catalog is a copy in memory. */
  LocationRooms(
      Location location, Settings settings, Optional<StoreReadOnly> readOnly, InstantSource clock) {
    this.location = location;
    this.readOnly = readOnly;
    this.disk = LocalDisk.fenced(location.hub());
    usedBefore = Files.exists(larder().resolve("store")); // The store makes it when it is opened.
    try {
      Found found = readOnly.isPresent() ? look(clock) : open(clock);
      catalog = opened.add(found.catalog());
      empty = found.empty();
      unknown = found.unknown();
      store =
          readOnly
              .<BlobStore>map(reason -> new ReadOnlyBlobStore(larder(), disk, reason))
              .orElseGet(() -> openStore(settings, clock));
      opened.add(store);
      tree = LocalHubTree.open(location.hub(), disk, store);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A catalog, and why it knows nothing that only a catalog can tell. */
  private record Found(Catalog catalog, boolean empty, Optional<CatalogException> unknown) {}

  private Found open(InstantSource clock) {
    JdbiCatalog.Opened found = JdbiCatalog.open(catalogFile(), clock);
    return new Found(found.catalog(), found.empty(), Optional.empty());
  }

  private Found look(InstantSource clock) {
    try {
      return new Found(JdbiCatalog.openToRead(catalogFile(), clock), false, Optional.empty());
    } catch (CatalogException e) {
      return new Found(JdbiCatalog.openInMemory(), false, Optional.of(e));
    }
  }

  private Path catalogFile() {
    return larder().resolve("catalog.db");
  }

  private BlobStore openStore(Settings settings, InstantSource clock) {
    return LocalBlobStore.open(larder(), disk, new CatalogLedger(catalog), limits(settings), clock);
  }

  /** As long as all blobs come from one source its budget is the store's. */
  private static StoreLimits limits(Settings settings) {
    long location = settings.maxSizeBytes().orElse(Long.MAX_VALUE);
    long source = settings.maxSizeBytes(Traffic.SOURCE).orElse(Long.MAX_VALUE);
    return new StoreLimits(Math.min(location, source), settings.minFreeBytes());
  }

  /**
   * Fills a catalog that began empty. Before a command does its work, which may be over soon;
   * beside a server's first answers, which find in the tree itself what is not written down yet.
   */
  void rebuild(boolean first) {
    if (empty) {
      rebuild = opened.add(CatalogRebuild.begin(new Rebuild(tree, catalog, usedBefore)));
      if (first) {
        rebuild.await();
      }
    }
  }

  /** Does {@code action} when the catalog knows what is needed: nothing is evicted before. */
  void onceRebuilt(Runnable action) {
    CatalogRebuild running = rebuild;
    if (running == null) {
      action.run();
    } else {
      Thread.ofVirtual()
          .name("after-rebuild")
          .start(
              () -> {
                running.await();
                action.run();
              });
    }
  }

  /** Whether files of the repo are here that not everybody may read, so that no tree shows them. */
  boolean hides(RepoId repo) {
    return catalog.repo(repo).filter(row -> row.visibility() == Visibility.RESTRICTED).isPresent()
        && catalog.entries(repo).stream().anyMatch(entry -> isHere(entry.identity()));
  }

  private boolean isHere(Identity file) {
    return switch (file) {
      case Digest digest -> store.stat(digest).isPresent();
      case GitBlobId id -> catalog.blobOf(id).flatMap(store::stat).isPresent();
    };
  }

  /** What may be given up there, aboard or not. */
  static Ballast ballast(Location location) {
    Path larder = location.root().resolve("larder");
    return new Ballast(LocalDisk.fenced(location.hub()), larder, larder.toFile().getTotalSpace());
  }

  Location location() {
    return location;
  }

  Path larder() {
    return location.root().resolve("larder");
  }

  Disk disk() {
    return disk;
  }

  Catalog catalog() {
    return catalog;
  }

  BlobStore store() {
    return store;
  }

  HubTree tree() {
    return tree;
  }

  Optional<StoreReadOnly> readOnly() {
    return readOnly;
  }

  /** As {@link #readOnly}, and on a full disk which file is to be deleted by hand. */
  Optional<StoreReadOnly> whyNothingGoes(Instant now) {
    return readOnly.map(
        reason -> StoreException.isWantOfRoom(reason) ? tooFull(reason, now) : reason);
  }

  private StoreReadOnly tooFull(StoreReadOnly reason, Instant now) {
    List<Path> names = new ByHand(new LocalDisk(), location.hub(), larder(), now).names();
    String first =
        names.isEmpty()
            ? "free 1 MB on that file system"
            : "delete a file by hand, such as "
                + String.join(" with ", names.stream().map(Path::toString).toList());
    return new StoreReadOnly(
        "Tried to remove something from %s, but its disk is so full that not even a removal can be written down; %s, then run this again."
            .formatted(location.root(), first),
        true,
        reason);
  }

  /** Why nothing is known but what the files tell: no pin, use, count, decision or account. */
  Optional<CatalogException> unknown() {
    return unknown;
  }

  /** For whoever would take not knowing for there being none. */
  void requireKnown() {
    unknown.ifPresent(
        reason -> {
          throw reason;
        });
  }

  @Override
  public void close() {
    opened.close();
  }
}
