package dev.larder.app;

import dev.larder.catalog.CatalogException;
import dev.larder.cli.Larder;
import dev.larder.cli.Terminal;
import dev.larder.cli.Workshop;
import dev.larder.doctor.Doctor;
import dev.larder.doctor.Machine;
import dev.larder.doctor.Report;
import dev.larder.location.KnownLocations;
import dev.larder.location.LocationState;
import dev.larder.location.MoveListener;
import dev.larder.location.MoveReport;
import dev.larder.location.MoveRequest;
import dev.larder.location.Relocation;
import dev.larder.settings.Location;
import dev.larder.settings.Setting;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import dev.larder.settings.SettingsException;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreException;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.store.StoreLock;
import dev.larder.store.StoreLock.Attempt;
import dev.larder.store.StoreLock.Owner;
import dev.larder.upkeep.Ballast;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what commands ask for, with the rooms of this process or through the server that owns the
 * store.
 */
final class HouseWorkshop implements Workshop {
  private static final Logger LOG = LoggerFactory.getLogger(HouseWorkshop.class);

  private final InstantSource clock;
  private final Duration patience;

  HouseWorkshop(InstantSource clock) {
    this(clock, Patience.USUAL);
  }

  /** {@code patience}: how long to wait for another command that works on the same store. */
  HouseWorkshop(InstantSource clock, Duration patience) {
    this.clock = clock;
    this.patience = patience;
  }

  @Override
  public Larder open(Settings settings, Consumer<String> warn) {
    try {
      return switch (waiting(warn).attempt(primary(settings))) {
        case Attempt.Mine(StoreLock lock) -> alone(settings, lock, warn);
        case Attempt.Theirs(Optional<Owner> owner) -> through(settings, owner, warn);
      };
    } catch (StoreReadOnly reason) {
      return reading(settings, reason, warn);
    }
  }

  @Override
  public Larder look(Settings settings, Consumer<String> warn) {
    if (settings.homeIsNamed() && Files.notExists(settings.home())) {
      throw new SettingsException(
          "There is no directory %s, which LARDER_HOME names (%s); correct it, or make the directory if it is to be a new cache."
              .formatted(settings.home(), settings.place(Setting.HOME)));
    }
    return open(settings, warn);
  }

  @Override
  public Larder openToRemove(Settings settings, Consumer<String> warn) {
    List<Ballast> ballasts = settings.locations().stream().map(LocationRooms::ballast).toList();
    ballasts.forEach(Ballast::giveUpWhenShort);
    Larder larder = look(settings, warn);
    // A quota is full, which no file system tells.
    boolean roomMade = false;
    for (Location location : full(larder)) {
      roomMade |= LocationRooms.ballast(location).giveUp();
    }
    if (!roomMade) {
      return larder;
    }
    larder.close();
    return look(settings, warn);
  }

  /** Those that are only read because their disks are full. */
  private static List<Location> full(Larder larder) {
    return switch (larder) {
      case LocalLarder local -> local.full();
      case ReadingLarder reading -> full(reading.larder());
      default -> List.of();
    };
  }

  /** A root that is not even there cannot be read either. */
  private Larder reading(Settings settings, StoreReadOnly reason, Consumer<String> warn) {
    if (!Files.isDirectory(settings.home())) {
      throw reason;
    }
    House house = House.openToRead(settings, reason, clock, joining(warn));
    return new ReadingLarder(new LocalLarder(house, house.caller(settings), () -> {}), reason);
  }

  private static Path larder(Settings settings) {
    return settings.home().resolve("larder");
  }

  private static Location primary(Settings settings) {
    return settings.locations().getFirst();
  }

  private Patience waiting(Consumer<String> say) {
    return new Patience(patience, clock, say);
  }

  private Larder alone(Settings settings, StoreLock lock, Consumer<String> warn) {
    try {
      House house = House.open(settings, clock, joining(warn));
      return new LocalLarder(house, house.caller(settings), lock::close);
    } catch (RuntimeException e) {
      lock.close();
      throw e instanceof CatalogException catalog && catalog.full()
          ? Joining.onlyToRead(catalog)
          : e;
    }
  }

  private Joining joining(Consumer<String> warn) {
    return new Joining(waiting(warn)::attempt, warn, true);
  }

  private static Larder through(Settings settings, Optional<Owner> owner, Consumer<String> warn) {
    Owner server =
        owner.filter(o -> !o.address().isEmpty()).orElseThrow(() -> busy(settings, owner));
    ServerLarder larder = new ServerLarder(server, settings.upstreamToken(), settings.offline());
    try {
      List<String> overruled = settings.overruled(larder.settings());
      if (!overruled.isEmpty()) {
        warn.accept(
            "The running server decides, and it was told otherwise than is set here: %s."
                .formatted(String.join(", ", overruled)));
      }
      return larder;
    } catch (RuntimeException e) {
      larder.close();
      throw e;
    }
  }

  private static StoreException.StoreBusy busy(Settings settings, Optional<Owner> owner) {
    return new StoreException.StoreBusy(
        "Tried to work on %s, but %s is still working on it and takes no requests; run this again when it is done."
            .formatted(settings.home(), owner.map(Owner::toString).orElse("another process")));
  }

  @Override
  public void serve(Settings settings, Consumer<URI> ready) {
    switch (Patience.once(primary(settings))) {
      case Attempt.Theirs(Optional<Owner> owner) ->
          throw new StoreException.StoreBusy(
              "Tried to serve %s, but %s serves it already; stop that one, or choose another --home."
                  .formatted(
                      settings.home(), owner.map(Owner::toString).orElse("another process")));
      case Attempt.Mine(StoreLock lock) -> {
        try (lock;
            Server server = Server.start(settings, lock, clock)) {
          ready.accept(server.address());
          LOG.atInfo()
              .addKeyValue("address", server.address())
              .addKeyValue("home", settings.home())
              .addKeyValue("pid", ProcessHandle.current().pid())
              .log("Serving");
          String why = Shutdown.await();
          LOG.atInfo().addKeyValue("why", why).log("Stopping: running answers may end");
        }
        LOG.info("Stopped");
      }
    }
  }

  @Override
  public MoveReport move(MoveRequest request, MoveListener listener) {
    return new Relocation(new LocalDisk(), request, listener, clock).run();
  }

  @Override
  public Map<Location, LocationState> locations(Settings settings) {
    KnownLocations known = new KnownLocations(larder(settings), new LocalDisk());
    Map<Location, LocationState> states = new LinkedHashMap<>();
    settings.locations().forEach(each -> states.put(each, known.state(each.name(), each.root())));
    return states;
  }

  @Override
  public void demo(boolean once, Terminal terminal) {
    Demo.run(once, terminal, clock);
  }

  @Override
  public Report examine(SettingSources sources, boolean offline, boolean fix) {
    Machine machine = new Machine(sources, Path.of("/"), clock, new ServerProbe());
    return new Doctor(machine).examine(offline, fix);
  }

  @Override
  public Optional<URI> runningServer(Settings settings) {
    try {
      return answering(settings);
    } catch (StoreReadOnly _) {
      // Nobody serves from where nobody can write.
      return Optional.empty();
    }
  }

  private static Optional<URI> answering(Settings settings) {
    return switch (Patience.once(primary(settings))) {
      case Attempt.Mine(StoreLock lock) -> {
        lock.close();
        yield Optional.empty();
      }
      case Attempt.Theirs(Optional<Owner> owner) ->
          owner.filter(o -> !o.address().isEmpty()).map(o -> URI.create(o.address()));
    };
  }
}
