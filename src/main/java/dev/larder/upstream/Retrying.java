package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.UpstreamBusy;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks an upstream again while it is busy or out of reach, with growing pauses, inside a budget of
 * time. A pause that the upstream asks for is kept; one that does not fit ends the matter at once.
 * Safe for concurrent use.
 */
public final class Retrying {
  private static final int MOST_ATTEMPTS = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private final Absence absence;

  public Retrying(Origin upstream) {
    this.absence = new Absence(upstream.toString());
  }

  /** One attempt, over by {@code deadline}. */
  @FunctionalInterface
  public interface Attempt<T> {
    T by(Deadline deadline);
  }

  /**
   * What the first attempt that was answered gave. Throws the last attempt's {@link UpstreamBusy}
   * or {@link UpstreamUnreachable} when none was; anything else passes through at once.
   */
  public <T> T within(Duration budget, Attempt<T> attempt) {
    absence.check();
    Deadline deadline = Deadline.after(budget);
    for (int tried = 1; ; tried++) {
      try {
        T answer = attempt.by(deadline);
        absence.answered();
        return answer;
      } catch (UpstreamBusy busy) {
        absence.answered();
        if (!pause(RetryAfter.delay(busy), tried, deadline)) {
          throw RetryAfter.told(busy);
        }
      } catch (UpstreamUnreachable unreachable) {
        if (!pause(Duration.ZERO, tried, deadline)) {
          if (!Thread.currentThread().isInterrupted()) { // Else it was not the upstream's doing.
            absence.failed(unreachable);
          }
          throw unreachable;
        }
      }
    }
  }

  /** False, without waiting, when there is no time or no attempt left. */
  private static boolean pause(Duration wished, int tried, Deadline deadline) {
    long base = FIRST_PAUSE.toNanos() << (tried - 1);
    long jittered = base / 2 + ThreadLocalRandom.current().nextLong(base);
    Duration pause = wished.isZero() ? Duration.ofNanos(jittered) : wished;
    if (tried >= MOST_ATTEMPTS || !deadline.allows(pause)) {
      return false;
    }
    Deadline end = Deadline.after(pause);
    while (!end.passed() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(Retrying.class, end.remaining().toNanos());
    }
    return !Thread.currentThread().isInterrupted();
  }
}
