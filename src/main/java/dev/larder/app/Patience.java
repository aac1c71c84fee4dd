package dev.larder.app;

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
 * @param home what to call the store
 * @param clock tells how long the other one has been at it
 * @param say gets one line, once, when there is something to wait for
 */
record Patience(Duration most, Path home, InstantSource clock, Consumer<String> say) {
  static final Duration USUAL = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(100);

  /** The last attempt: ours, a server's, or still somebody's when the time is over. */
  Attempt attempt(Path larder) {
    long start = System.nanoTime();
    Attempt attempt = StoreLock.attempt(larder);
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
      pause();
      attempt = StoreLock.attempt(larder);
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

  private void pause() {
    LockSupport.parkNanos(this, STEP.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new StoreException.StoreBusy("Waiting for " + home + " was interrupted.");
    }
  }
}
