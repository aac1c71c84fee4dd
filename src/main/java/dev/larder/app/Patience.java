package dev.larder.app;

import dev.larder.location.LocationException;
import dev.larder.location.LocationState;
import dev.larder.settings.Location;
import dev.larder.store.StoreException;
import dev.larder.store.StoreLock;
import dev.larder.store.StoreLock.Attempt;
import dev.larder.store.StoreLock.Owner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Waits for a store that another command works on: two pulls at once are one after the other. A
 * server is not waited for, it is asked.
 *
 * @param most how long to wait
 * @param clock tells how long the other one has been at it
 * @param say gets one line, once, when there is something to wait for
 */
record Patience(Duration most, InstantSource clock, Consumer<String> say) {
  static final Duration USUAL = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(100);

  /** Throws {@link LocationException.Moved} when the location is not there any more. */
  static LocationState requireHere(Location location) {
    return LocationState.requireHere(location.name(), location.root(), location.variable());
  }

  /**
   * Tries once. Looks before, since trying makes a directory where none is to be; and with the
   * lock, since whoever had it may have moved the location.
   */
  static Attempt once(Location location) {
    LocationState _ = requireHere(location);
    Attempt attempt = StoreLock.attempt(location.root().resolve("larder"));
    if (attempt instanceof Attempt.Mine(StoreLock lock)) {
      try {
        LocationState _ = requireHere(location);
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    }
    return attempt;
  }

  /** The last attempt: ours, a server's, or still somebody's when the time is over. */
  Attempt attempt(Location location) {
    Path home = location.root();
    long start = System.nanoTime();
    Attempt attempt = once(location);
    boolean said = false;
    while (attempt instanceof Attempt.Theirs(Optional<Owner> owner)
        && owner.filter(o -> !o.address().isEmpty()).isEmpty()
        && System.nanoTime() - start < most.toNanos()) {
      // An owner that has not written who it is is one that starts: it is named at the next look.
      if (!said && owner.isPresent()) {
        said = true;
        say.accept(
            "%s is working on %s%s; waiting for it, %d s at most."
                .formatted(owner.get(), home, since(owner.get()), most.toSeconds()));
      }
      pause(home);
      attempt = once(location);
    }
    return attempt;
  }

  private String since(Owner owner) {
    return ProcessHandle.of(owner.pid())
        .flatMap(process -> process.info().startInstant())
        .map(start -> Duration.between(start, clock.instant()).toSeconds())
        .filter(seconds -> seconds >= 0)
        .map(seconds -> " (for %d s now)".formatted(seconds))
        .orElse("");
  }

  private void pause(Path home) {
    LockSupport.parkNanos(this, STEP.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new StoreException.StoreBusy("Waiting for " + home + " was interrupted.");
    }
  }
}
