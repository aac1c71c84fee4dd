package dev.larder.app;

import dev.larder.catalog.CatalogException;
import dev.larder.content.LarderException;
import dev.larder.location.KnownLocations;
import dev.larder.location.LocationException;
import dev.larder.location.LocationState;
import dev.larder.settings.Location;
import dev.larder.settings.Settings;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreException.StoreBusy;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.store.StoreLock;
import dev.larder.store.StoreLock.Attempt;
import dev.larder.store.StoreLock.Owner;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * How the locations beside {@code primary} join a house: each with its own lock. One that is not
 * there is left out and said, since what the others have can be used all the same; one that has
 * moved, or that another process works on, ends the opening.
 *
 * @param lock tries to own a location's store, as {@link Patience} does
 * @param warn gets a line for each that is left out
 * @param toRead whether one that cannot be written is opened to be read; it can answer no clients
 */
record Joining(Function<Location, Attempt> lock, Consumer<String> warn, boolean toRead) {
  /** For a server: it waits for nobody, and its log has the warnings. */
  static final Joining AT_ONCE =
      new Joining(Patience::once, LoggerFactory.getLogger(Joining.class)::warn, false);

  /** One that is open, and its lock unless it is only read. */
  record Joined(LocationRooms rooms, Optional<StoreLock> lock) {}

  /** Those that could be opened by name; {@code absent} has the reasons of the others. */
  record Outcome(Map<String, Joined> here, Map<String, String> absent) {}

  /** What it opens is added to {@code opened}, with the locks. */
  Outcome join(LocationRooms primary, Settings settings, InstantSource clock, Closing opened) {
    Outcome outcome = new Outcome(new LinkedHashMap<>(), new LinkedHashMap<>());
    KnownLocations known = new KnownLocations(primary.larder(), new LocalDisk());
    Opening opening = new Opening(primary.readOnly(), settings, clock, opened);
    for (Location location : settings.locations()) {
      if (!location.isPrimary()) {
        switch (known.look(location.name(), location.root(), location.variable())) {
          case LocationState.Absent(String reason) -> leaveOut(location, reason, outcome);
          case LocationState.Empty _ when primary.readOnly().isPresent() ->
              leaveOut(location, "it is empty", outcome);
          default -> add(location, opening, known, outcome);
        }
      }
    }
    return outcome;
  }

  /** How to open one. {@code readOnly}: all are only read, and why. */
  private record Opening(
      Optional<StoreReadOnly> readOnly, Settings settings, InstantSource clock, Closing opened) {
    Joined toRead(Location location, StoreReadOnly reason) {
      return new Joined(rooms(location, Optional.of(reason)), Optional.empty());
    }

    LocationRooms rooms(Location location, Optional<StoreReadOnly> reason) {
      return opened.add(new LocationRooms(location, settings, reason, clock));
    }
  }

  private void add(Location location, Opening opening, KnownLocations known, Outcome outcome) {
    try {
      Joined joined = open(location, opening);
      outcome.here().put(location.name(), joined);
      if (joined.lock().isPresent()) {
        known.opened(location.name());
      }
    } catch (StoreBusy | LocationException.Moved ends) {
      throw ends;
    } catch (StoreReadOnly _) {
      // As all that cannot be used: the others can, and it is named.
      leaveOut(location, "it cannot be written", outcome);
    } catch (LarderException e) {
      leaveOut(location, e.explanation().replaceFirst("\\.$", ""), outcome);
    }
  }

  private void leaveOut(Location location, String reason, Outcome outcome) {
    outcome.absent().put(location.name(), reason);
    warn.accept(
        "The location %s is left out: %s. What lives there is not found meanwhile."
            .formatted(location.name(), reason));
  }

  private Joined open(Location location, Opening opening) {
    if (opening.readOnly().isPresent()) {
      return opening.toRead(location, withPrimary(location, opening.readOnly().get()));
    }
    try {
      StoreLock mine = opening.opened().add(locked(location));
      return new Joined(opening.rooms(location, Optional.empty()), Optional.of(mine));
    } catch (StoreReadOnly reason) {
      if (!toRead) {
        throw reason;
      }
      return opening.toRead(location, reason);
    } catch (CatalogException e) {
      if (!toRead || !e.full()) {
        throw e;
      }
      return opening.toRead(location, onlyToRead(e));
    }
  }

  /** A full disk cannot be written, and what lies there can be read all the same. */
  static StoreReadOnly onlyToRead(CatalogException full) {
    return new StoreReadOnly(full.explanation(), true, full);
  }

  /** Its own disk may have room, so the reason is not its own. */
  private static StoreReadOnly withPrimary(Location location, StoreReadOnly reason) {
    return new StoreReadOnly(
        "The location %s is only read, because primary cannot be written: %s"
            .formatted(location.name(), reason.explanation()),
        false,
        reason);
  }

  private StoreLock locked(Location location) {
    return switch (lock.apply(location)) {
      case Attempt.Mine(StoreLock mine) -> mine;
      case Attempt.Theirs(Optional<Owner> owner) ->
          throw new StoreBusy(
              "Tried to open the location %s, but %s works on it alone; stop that one, or take the location out of its settings or these."
                  .formatted(location, owner.map(Owner::toString).orElse("another process")));
    };
  }
}
