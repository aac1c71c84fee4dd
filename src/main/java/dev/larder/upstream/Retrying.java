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

  private final Duration firstPause;
  private final Absence absence;
  private final boolean judges;

  /** {@code firstPause}: about so long before the second attempt; it doubles. */
  public Retrying(Origin upstream, Duration firstPause) {
    this(firstPause, new Absence(upstream.toString()), true);
  }

  private Retrying(Duration firstPause, Absence absence, boolean judges) {
    this.firstPause = firstPause;
    this.absence = absence;
    this.judges = judges;
  }

  /**
   * For questions beside the upstream's proper work: they rest while it is away, and what becomes
   * of them says nothing of whether it is.
   */
  public Retrying withoutJudging() {
    return new Retrying(firstPause, absence, false);
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
  public <T> T within(Subject subject, Duration budget, Attempt<T> attempt) {
    if (judges) {
      absence.check(subject);
    } else {
      absence.look();
    }
    Deadline deadline = Deadline.after(budget);
    for (int tried = 1; ; tried++) {
      try {
        T answer = attempt.by(deadline);
        if (judges) {
          absence.answered(subject);
        }
        return answer;
      } catch (UpstreamBusy busy) {
        if (!pause(RetryAfter.delay(busy), tried, deadline)) {
          if (broken(busy)) {
            failed(subject, busy);
          }
          throw RetryAfter.told(busy);
        }
      } catch (UpstreamUnreachable unreachable) {
        if (!pause(Duration.ZERO, tried, deadline)) {
          failed(subject, unreachable);
          throw unreachable;
        }
      }
    }
  }

  /** The same where nothing is judged. */
  public <T> T within(Duration budget, Attempt<T> attempt) {
    return within(Subject.NONE, budget, attempt);
  }

  private void failed(Subject subject, UpstreamException why) {
    if (judges && !Thread.currentThread().isInterrupted()) { // Else it was not its own doing.
      absence.failed(subject, why);
    }
  }

  /** That it limits how often it is asked says nothing of its health: that has its own clock. */
  private static boolean broken(UpstreamBusy busy) {
    return busy.status() >= 500;
  }

  /** False, without waiting, when there is no time or no attempt left. */
  private boolean pause(Duration wished, int tried, Deadline deadline) {
    long base = firstPause.toNanos() << (tried - 1);
    long jittered = base / 2 + ThreadLocalRandom.current().nextLong(base);
    Duration pause = wished.isZero() ? Duration.ofNanos(jittered) : wished;
    if (tried >= MOST_ATTEMPTS
        || pause.compareTo(RateLimits.LONGEST_WAIT) > 0
        || !deadline.allows(pause)) {
      return false;
    }
    Deadline end = Deadline.after(pause);
    while (!end.passed() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(Retrying.class, end.remaining().toNanos());
    }
    return !Thread.currentThread().isInterrupted();
  }
}
