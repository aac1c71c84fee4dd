package dev.larder.app;

import dev.larder.access.Access;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.CachingHubMirror;
import dev.larder.mirror.Caller;
import dev.larder.mirror.LocatedMirror;
import dev.larder.mirror.MirrorRooms;
import dev.larder.mirror.MirrorSettings;
import dev.larder.mirror.Puller;
import dev.larder.mirror.Traffic;
import dev.larder.provision.Rooms;
import dev.larder.settings.Settings;
import dev.larder.store.LocalBlobStore;
import dev.larder.transfer.Flights;
import dev.larder.transfer.TransferSettings;
import dev.larder.upkeep.Ballast;
import dev.larder.upkeep.BlobRemoval;
import dev.larder.upkeep.Breath;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.CatalogBudget;
import dev.larder.upkeep.CatalogPins;
import dev.larder.upkeep.Inventory;
import dev.larder.upkeep.LinkedBlobRemoval;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Pins;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.Remover;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.RoomKeeper;
import dev.larder.upkeep.Scrub;
import dev.larder.upkeep.ScrubSettings;
import dev.larder.upkeep.Seclusion;
import dev.larder.upkeep.Snapshot;
import dev.larder.upkeep.Statistics;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.Verifier;
import dev.larder.upkeep.Why;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import dev.larder.upstream.huggingface.HubClient;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A location at work: its flights and its mirror of the hub that all locations share. */
final class LocationFront implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocationFront.class);
  private static final String ADMIN = "admin";

  private final LocationRooms rooms;
  private final Access access;
  private final MirrorSettings decisions;
  private final InstantSource clock;
  private final boolean personal;
  private final Closing opened = new Closing();
  private final Ballast ballast;
  private final Traffic traffic;
  private final Flights flights;
  private final CachingHubMirror mirror;
  private final Budget budget;
  private final LocatedMirror.Place place;

  /** {@code rooms} stay the caller's to close, after this. */
  LocationFront(
      LocationRooms rooms,
      HubClient hub,
      Access access,
      TransferSettings transfer,
      MirrorSettings decisions,
      InstantSource clock) {
    this.rooms = rooms;
    this.access = access;
    this.decisions = decisions;
    this.clock = clock;
    personal = decisions.ownTree();
    ballast = LocationRooms.ballast(rooms.location());
    traffic = new Traffic(rooms.catalog(), clock);
    opened.add(TrafficFlush.begin(traffic, access));
    flights = opened.add(new Flights(rooms.store(), transfer));
    mirror =
        opened.add(
            new CachingHubMirror(
                hub,
                new MirrorRooms(rooms.store(), rooms.catalog(), rooms.tree(), traffic, access),
                flights,
                decisions,
                clock));
    place = new LocatedMirror.Place(name(), mirror, rooms.tree(), rooms::hides);
    budget = new CatalogBudget(rooms.catalog(), rooms.tree(), rooms.store().limits(), clock);
    if (rooms.store() instanceof LocalBlobStore local) {
      keepRoom(local);
    }
  }

  private void keepRoom(LocalBlobStore local) {
    if (personal) {
      opened.add(() -> ballast.load(local.limits().minFreeBytes()));
    }
    RoomKeeper keeper =
        opened.add(
            new RoomKeeper(
                new RoomKeeper.Parts(
                    local,
                    rooms.tree(),
                    rooms.catalog(),
                    blobRemoval(),
                    ballast,
                    this::pulling,
                    traffic::flush,
                    clock)));
    local.askForRoom(keeper);
    rooms.onceRebuilt(() -> keeper.begin(!personal));
  }

  private Set<Snapshot> pulling() {
    return mirror.pulling().stream()
        .map(each -> new Snapshot(each.repo(), each.commit()))
        .collect(Collectors.toUnmodifiableSet());
  }

  Budget budget() {
    rooms.requireKnown();
    return budget;
  }

  String name() {
    return rooms.location().name();
  }

  LocationRooms rooms() {
    return rooms;
  }

  LocatedMirror.Place place() {
    return place;
  }

  CachingHubMirror mirror() {
    return mirror;
  }

  Traffic traffic() {
    return traffic;
  }

  Puller puller() {
    return new Puller(mirror, rooms.tree());
  }

  /** What archives are made of, and brought into. */
  Rooms provisions() {
    return new Rooms(
        rooms.store(), rooms.catalog(), rooms.tree(), rooms.disk(), mirror::cameIn, clock);
  }

  Inventory inventory() {
    Set<RepoId> pinned = pins().repos();
    return new Inventory(rooms.store(), rooms.tree(), rooms.catalog(), clock, pinned::contains);
  }

  List<RepoListing> list(ListRequest request) {
    return inventory().list(request).stream().map(repo -> repo.at(name())).toList();
  }

  StatsReport stats(Optional<Instant> since) {
    rooms.requireKnown();
    flushTraffic();
    return Statistics.since(rooms.catalog(), access.tokens(), since);
  }

  WhyReport why(WhyRequest request) {
    rooms.requireKnown();
    flushTraffic();
    Why.Rooms all =
        new Why.Rooms(rooms.store(), rooms.catalog(), rooms.tree(), access.tokens(), coming());
    Why.Terms terms =
        new Why.Terms(
            decisions.offline(), decisions.trustAdopted(), personal, decisions.refTtl(), clock);
    return new Why(all, terms).explain(request);
  }

  private List<Why.Coming> coming() {
    return mirror.coming().stream()
        .map(
            each ->
                new Why.Coming(each.repo(), each.identity(), each.landedBytes(), each.sizeBytes()))
        .toList();
  }

  /** What cannot be written down on a full disk only makes the answer a few seconds older. */
  private void flushTraffic() {
    try {
      traffic.flush();
    } catch (LarderException e) {
      LOG.atDebug().addKeyValue("code", e.code()).log("answering without the latest counts");
    }
  }

  Verifier verifier(Caller caller) {
    return new Verifier(rooms.store(), rooms.tree(), rooms.catalog(), refetch(caller), clock);
  }

  private Verifier.Refetch refetch(Caller caller) {
    return new Verifier.Refetch() {
      @Override
      public void fetch(RepoId repo, Commit commit, EntryPath path) {
        puller().fetchAgain(repo, commit, path, caller);
      }

      @Override
      public Commit resolve(RepoId repo, Revision revision) {
        return puller().commitOf(repo, revision, caller);
      }
    };
  }

  /** What hashes the store by night, in the site's own name. */
  Scrub scrub(Settings settings, Caller site, Breath breath) {
    return new Scrub(
        rooms.store(),
        rooms.tree(),
        rooms.catalog(),
        refetch(site),
        new ScrubSettings(settings.scrubAt(), ZoneId.systemDefault(), settings.scrubRateBytes()),
        clock,
        breath,
        () -> !flights.report().isEmpty());
  }

  Removals removals() {
    rooms.requireKnown(); // Pins, and what of it nobody else may see.
    Removals remover =
        new Remover(
            rooms.store(),
            rooms.tree(),
            rooms.catalog(),
            new Keeping(),
            seclusion(),
            ballast,
            clock,
            by());
    return rooms
        .whyNothingGoes(clock.instant())
        .<Removals>map(reason -> new ReadingRemovals(remover, reason))
        .orElse(remover);
  }

  /** Whoever may remove through a server is its administrator. */
  private String by() {
    return personal ? System.getProperty("user.name", "") : ADMIN;
  }

  private CatalogPins pins() {
    return new CatalogPins(rooms.catalog(), rooms.tree(), clock);
  }

  /** What is pinned, and what is being brought just now. */
  private final class Keeping implements Pins {
    @Override
    public Optional<String> on(RepoId repo, Optional<Commit> commit) {
      return mirror.isComing(repo, commit)
          ? Optional.of("is being pulled now")
          : pins().on(repo, commit);
    }

    @Override
    public Set<Digest> blobs() {
      return pins().blobs();
    }
  }

  BlobRemoval blobRemoval() {
    return new LinkedBlobRemoval(rooms.store(), rooms.tree(), rooms.catalog(), seclusion());
  }

  private Seclusion seclusion() {
    return new Seclusion() {
      @Override
      public void alone(RepoId repo, Runnable removal) {
        mirror.alone(repo, removal);
      }

      @Override
      public void removed(RepoId repo) {
        mirror.forgetMemory(repo);
      }
    };
  }

  @Override
  public void close() {
    opened.close();
  }
}
