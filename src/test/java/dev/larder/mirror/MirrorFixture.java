package dev.larder.mirror;

import dev.larder.access.Access;
import dev.larder.access.Principal;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import dev.larder.testing.MemoryLedger;
import dev.larder.transfer.Flights;
import dev.larder.transfer.TransferSettings;
import dev.larder.upstream.Cidr;
import dev.larder.upstream.Credential;
import dev.larder.upstream.EgressGuard;
import dev.larder.upstream.Origin;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.Wire;
import dev.larder.upstream.WireSettings;
import dev.larder.upstream.huggingface.HubClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A mirror over real rooms and a hub on loopback, with a catalog that counts and can fail. */
abstract class MirrorFixture {
  static final RepoId REPO = RepoId.model("o/r");
  static final Caller ANN = upstreamCaller("hf_ann");

  @TempDir Path root;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  FakeHub hub;
  FakeRepo repo;
  Catalog catalog;
  WatchedCatalog watched;
  LocalBlobStore store;
  HubTree tree;
  Traffic traffic;
  Flights flights;
  HubClient client;
  CachingHubMirror mirror;
  Access access;
  final List<String> hashed = new CopyOnWriteArrayList<>();
  Duration patience = MirrorSettings.PATIENCE;
  volatile Runnable beforeHashing = () -> {};

  @BeforeEach
  void openRooms() {
    hub = FakeHub.start();
    repo = hub.model("o/r");
    catalog = JdbiCatalog.open(root.resolve("catalog.db"), () -> now).catalog();
    watched = new WatchedCatalog(catalog);
    store =
        LocalBlobStore.open(
            root.resolve("larder"),
            watchedDisk(),
            new MemoryLedger(),
            StoreLimits.none(),
            () -> now);
    tree = LocalHubTree.open(root.resolve("hub"), new LocalDisk(), store);
    flights = new Flights(store, TransferSettings.DEFAULTS);
    EgressGuard guard = new EgressGuard(Origin.of(hub.uri()), List.of(Cidr.parse("127.0.0.0/8")));
    client =
        new HubClient(
            hub.uri(), new Wire(guard, WireSettings.DEFAULT, Throttle.unlimited()), () -> now);
    begin(false);
  }

  /** What is read through links of the store's own is a file of Python's that is hashed. */
  private Disk watchedDisk() {
    Disk disk = new LocalDisk();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (method.getName().equals("openQuietly")
                  && arguments[0].toString().endsWith(".adopt")) {
                hashed.add(arguments[0].toString());
                beforeHashing.run();
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** A mirror that remembers nothing, as after a restart. */
  void begin(boolean offline) {
    begin(offline, false);
  }

  void begin(boolean offline, boolean trustAdopted) {
    Duration minute = Duration.ofMinutes(1);
    MirrorSettings settings =
        new MirrorSettings(
            minute,
            minute,
            minute,
            offline,
            trustAdopted,
            false,
            Credential.ANONYMOUS,
            patience,
            false);
    traffic = new Traffic(watched.proxy(), () -> now);
    access =
        Access.openToRead(root, catalog, new Access.Terms(minute, Optional.empty()), () -> now);
    if (mirror != null) {
      mirror.close();
    }
    mirror =
        new CachingHubMirror(
            client,
            new MirrorRooms(store, watched.proxy(), tree, traffic, access),
            flights,
            settings,
            () -> now);
  }

  /** Somebody with a token of the hub. */
  static Caller upstreamCaller(String token) {
    return Caller.of(new Principal.Upstream(token), token, false);
  }

  @AfterEach
  void closeRooms() {
    hub.clearFaults();
    mirror.close();
    flights.close();
    client.close();
    store.close();
    catalog.close();
    hub.close();
  }

  static EntryRequest asking(String path, Caller caller) {
    return asking(Revision.MAIN, path, caller);
  }

  static EntryRequest asking(Revision revision, String path, Caller caller) {
    return new EntryRequest(REPO, revision, new EntryPath(path), RangeRequest.WHOLE, false, caller);
  }

  /** As the door asks: without blocking first. Waits until the bytes are here, and lets them go. */
  CacheState get(EntryRequest request) {
    Answer answer = mirror.peek(request);
    return finish(answer == null ? mirror.open(request) : answer);
  }

  static CacheState finish(Answer answer) {
    return switch (answer) {
      case Answer.Ready ready -> {
        ready.lease().close();
        yield ready.state();
      }
      case Answer.Arriving arriving -> {
        try (var reader = arriving.reader()) {
          reader.awaitPublished(_ -> {});
        }
        yield arriving.state();
      }
      case Answer.Described described -> described.state();
      case Answer.Refused refused -> refused.state();
      case Answer.Passing _, Answer.OutOfRange _ -> throw new AssertionError(answer);
    };
  }
}
