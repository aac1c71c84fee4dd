package dev.larder.app;

import dev.larder.access.Access;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import dev.larder.mirror.Caller;
import dev.larder.mirror.HubMirror;
import dev.larder.mirror.MirrorSettings;
import dev.larder.mirror.Puller;
import dev.larder.mirror.Traffic;
import dev.larder.models.LocalModels;
import dev.larder.provision.Archives;
import dev.larder.resident.Engines;
import dev.larder.settings.Settings;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.store.StoreLock;
import dev.larder.transfer.TransferSettings;
import dev.larder.upstream.Cidr;
import dev.larder.upstream.Credential;
import dev.larder.upstream.EgressGuard;
import dev.larder.upstream.Origin;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.Wire;
import dev.larder.upstream.huggingface.HubClient;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a process has open: the client of the hub and who may read what, once; and for each
 * location its {@link LocationRooms} and its {@link LocationFront}. Accounts, tokens and grants are
 * those of {@code primary}, whose lock whoever opens it holds; the other locations' locks are its
 * own. Closed in the reverse order.
 */
final class House implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(House.class);

  /** Shorter ones are found by trying. */
  private static final int SOUND_TOKEN = 20;

  private final Closing opened = new Closing();
  private final Access access;
  private final HubClient hub;
  private final List<StoreLock> otherLocks;
  private final Located located;
  private final Settings settings;
  private final InstantSource clock;
  private @Nullable LocalModels models;

  /** {@code personal}: the root belongs to the person who runs the command, not to a site. */
  static House open(Settings settings, boolean personal, InstantSource clock) {
    return open(settings, personal, clock, Tuning.DEFAULT);
  }

  static House open(Settings settings, boolean personal, InstantSource clock, Tuning tuning) {
    return new House(settings, personal, Optional.empty(), clock, tuning, Joining.AT_ONCE);
  }

  /** The person's own, with the other locations joined as {@code joining} says. */
  static House open(Settings settings, InstantSource clock, Joining joining) {
    return new House(settings, true, Optional.empty(), clock, Tuning.DEFAULT, joining);
  }

  /**
   * Over a root that cannot be written, for {@code reason}: the catalog is a copy in memory, and
   * there is no lock to hold. The other locations are read only as well.
   */
  static House openToRead(
      Settings settings, StoreReadOnly reason, InstantSource clock, Joining joining) {
    return new House(settings, true, Optional.of(reason), clock, Tuning.DEFAULT, joining);
  }

  private House(
      Settings settings,
      boolean personal,
      Optional<StoreReadOnly> readOnly,
      InstantSource clock,
      Tuning tuning,
      Joining joining) {
    this.settings = settings;
    this.clock = clock;
    try {
      LocationRooms primary =
          opened.add(new LocationRooms(settings.locations().getFirst(), settings, readOnly, clock));
      access = openAccess(settings, primary, clock);
      Joining.Outcome joined = joining.join(primary, settings, clock, opened);
      otherLocks = joined.here().values().stream().flatMap(one -> one.lock().stream()).toList();
      hub = opened.add(upstream(settings, tuning, clock));
      TransferSettings transfer = tuning.transfer().withConnections(settings.fetchConnections());
      MirrorSettings decisions = decisions(settings, personal, tuning);
      List<LocationRooms> all = new ArrayList<>(List.of(primary));
      joined.here().values().forEach(one -> all.add(one.rooms()));
      List<LocationFront> fronts = new ArrayList<>();
      for (LocationRooms rooms : all) {
        rooms.unknown().ifPresent(reason -> joining.warn().accept(unknown(reason)));
        rooms.rebuild(personal);
        fronts.add(opened.add(new LocationFront(rooms, hub, access, transfer, decisions, clock)));
      }
      located = new Located(fronts, joined.absent(), joining.warn());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static String unknown(CatalogException reason) {
    return reason.explanation()
        + " Until then only what the files tell is known: no pins, uses, counts, decisions, accounts or registered models.";
  }

  private static Access openAccess(Settings settings, LocationRooms primary, InstantSource clock) {
    settings
        .adminToken()
        .filter(token -> token.length() < SOUND_TOKEN)
        .ifPresent(
            _ ->
                LOG.warn(
                    "LARDER_ADMIN_TOKEN has less than {} characters and can be guessed; make a longer one, as by 'openssl rand -hex 32'",
                    SOUND_TOKEN));
    Access.Terms terms = new Access.Terms(settings.accessTtl(), settings.adminToken());
    return primary.readOnly().isPresent()
        ? Access.openToRead(primary.larder(), primary.catalog(), terms, clock)
        : Access.open(primary.larder(), primary.disk(), primary.catalog(), terms, clock);
  }

  /**
   * Whoever the settings' own token makes of the user of this process. One of a Larder, which
   * clients find in the same variable, is none of the hub and goes nowhere.
   */
  Caller caller(Settings settings) {
    Caller someone =
        settings
            .upstreamToken()
            .flatMap(
                token ->
                    access
                        .identify(token)
                        .map(principal -> Caller.of(principal, token, settings.offline())))
            .orElse(Caller.ANONYMOUS);
    return new Caller(someone.principal(), someone.credential(), settings.offline());
  }

  private static HubClient upstream(Settings settings, Tuning tuning, InstantSource clock) {
    URI base = settings.hubUpstream();
    var allowed =
        settings.allowPrivate().stream().map(cidr -> Cidr.parse(cidr.toString())).toList();
    Throttle throttle = settings.maxRateBytes().map(Throttle::of).orElseGet(Throttle::unlimited);
    Wire wire = new Wire(new EgressGuard(Origin.of(base), allowed), tuning.wire(), throttle);
    return new HubClient(base, wire, clock);
  }

  private MirrorSettings decisions(Settings settings, boolean personal, Tuning tuning) {
    Credential site = caller(settings).credential();
    return new MirrorSettings(
        settings.refTtl(),
        settings.negativeTtl(),
        settings.accessTtl(),
        settings.offline(),
        personal || settings.adoptedPublic(),
        personal,
        site,
        tuning.patience(),
        settings.immutableTags(),
        settings.maxSizePerCallerBytes().orElse(Long.MAX_VALUE));
  }

  /** Tells who finds the lock of one of the other locations where this process answers. */
  void announce(String address, String secret) {
    otherLocks.forEach(lock -> lock.announce(address, secret));
  }

  /** All locations as one. */
  Located located() {
    return located;
  }

  Access access() {
    return access;
  }

  HubClient hub() {
    return hub;
  }

  HubMirror mirror() {
    return located.mirror();
  }

  // Of the location primary alone

  private LocationFront primary() {
    return located.primary();
  }

  Catalog catalog() {
    return primary().rooms().catalog();
  }

  Traffic traffic() {
    return primary().traffic();
  }

  Puller puller() {
    return primary().puller();
  }

  /**
   * The models of a server, with memory for them; before {@link #models} is asked. Closed before
   * what their files lie in.
   */
  synchronized LocalModels openModels() {
    if (models != null) {
      throw new IllegalStateException("the models are open already");
    }
    return opened(
        LocalModels.open(
            places(), catalog().models(), Engines.installed(), ModelMemory.of(settings), clock));
  }

  /** Those of a server, else those of a command, which has none in memory. */
  synchronized LocalModels models() {
    LocalModels here = models;
    return here == null
        ? opened(
            LocalModels.withoutMemory(places(), catalog().models(), Engines.installed(), clock))
        : here;
  }

  private LocalModels opened(LocalModels made) {
    models = opened.add(made);
    return made;
  }

  LocatedModels places() {
    Caller site = caller(settings);
    return new LocatedModels(
        located,
        offline -> new Caller(site.principal(), site.credential(), offline || site.offline()));
  }

  Archives archives(Caller caller) {
    return located.archives(caller);
  }

  @Override
  public synchronized void close() {
    opened.close();
  }
}
