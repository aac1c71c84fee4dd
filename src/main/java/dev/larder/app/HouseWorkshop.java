package dev.larder.app;

import dev.larder.catalog.CatalogException;
import dev.larder.cli.Larder;
import dev.larder.cli.Terminal;
import dev.larder.cli.Workshop;
import dev.larder.mirror.Caller;
import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import dev.larder.settings.SettingsException;
import dev.larder.store.StoreException;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.store.StoreLock;
import dev.larder.store.StoreLock.Attempt;
import dev.larder.store.StoreLock.Owner;
import dev.larder.upstream.Credential;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Does what commands ask for, with the rooms of this process or through the server that owns the
 * store.
 */
final class HouseWorkshop implements Workshop {
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
      Patience waiting = new Patience(patience, settings.home(), clock, warn);
      return switch (waiting.attempt(larder(settings))) {
        case Attempt.Mine(StoreLock lock) -> alone(settings, lock);
        case Attempt.Theirs(Optional<Owner> owner) -> through(settings, owner);
      };
    } catch (StoreReadOnly reason) {
      return reading(settings, reason);
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

  /** A root that is not even there cannot be read either. */
  private Larder reading(Settings settings, StoreReadOnly reason) {
    if (!Files.isDirectory(settings.home())) {
      throw reason;
    }
    House house = House.openToRead(settings, reason, clock);
    return new ReadingLarder(new LocalLarder(house, caller(settings), () -> {}), reason);
  }

  private static Path larder(Settings settings) {
    return settings.home().resolve("larder");
  }

  private Larder alone(Settings settings, StoreLock lock) {
    try {
      return new LocalLarder(House.open(settings, true, clock), caller(settings), lock::close);
    } catch (RuntimeException e) {
      lock.close();
      throw e instanceof CatalogException catalog && catalog.full()
          ? new StoreReadOnly(catalog.explanation(), true, catalog)
          : e;
    }
  }

  static Caller caller(Settings settings) {
    Credential credential =
        settings
            .upstreamToken()
            .<Credential>map(Credential.Token::new)
            .orElse(Credential.ANONYMOUS);
    return new Caller(credential, settings.offline());
  }

  private static Larder through(Settings settings, Optional<Owner> owner) {
    Owner server =
        owner.filter(o -> !o.address().isEmpty()).orElseThrow(() -> busy(settings, owner));
    return new ServerLarder(server, settings.upstreamToken(), settings.offline());
  }

  private static StoreException.StoreBusy busy(Settings settings, Optional<Owner> owner) {
    return new StoreException.StoreBusy(
        "Tried to work on %s, but %s is still working on it and takes no requests; run this again when it is done."
            .formatted(settings.home(), owner.map(Owner::toString).orElse("another process")));
  }

  @Override
  public void serve(Settings settings, Consumer<URI> ready) {
    switch (StoreLock.attempt(larder(settings))) {
      case Attempt.Theirs(Optional<Owner> owner) ->
          throw new StoreException.StoreBusy(
              "Tried to serve %s, but %s serves it already; stop that one, or choose another --home."
                  .formatted(
                      settings.home(), owner.map(Owner::toString).orElse("another process")));
      case Attempt.Mine(StoreLock lock) -> {
        try (lock;
            Server server = Server.start(settings, lock, clock)) {
          ready.accept(server.address());
          Shutdown.await();
        }
      }
    }
  }

  @Override
  public void demo(boolean once, Terminal terminal) {
    Demo.run(once, terminal, clock);
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
    return switch (StoreLock.attempt(larder(settings))) {
      case Attempt.Mine(StoreLock lock) -> {
        lock.close();
        yield Optional.empty();
      }
      case Attempt.Theirs(Optional<Owner> owner) ->
          owner.filter(o -> !o.address().isEmpty()).map(o -> URI.create(o.address()));
    };
  }
}
