package dev.larder.upstream;

import java.time.Duration;

/** A moment of the monotonic clock by which something has to be over, or never. */
public record Deadline(long nanoTime, boolean finite) {
  public static final Deadline NEVER = new Deadline(0, false);
  private static final Duration LONGEST = Duration.ofDays(1);

  public static Deadline after(Duration budget) {
    Duration used = budget.compareTo(LONGEST) > 0 ? LONGEST : budget;
    return new Deadline(System.nanoTime() + used.toNanos(), true);
  }

  /** What is left; zero or less when it has passed, a day when there is no end. */
  public Duration remaining() {
    return finite ? Duration.ofNanos(nanoTime - System.nanoTime()) : LONGEST;
  }

  public boolean passed() {
    return finite && nanoTime - System.nanoTime() <= 0;
  }

  /** Whether {@code delay} from now is still before it. */
  public boolean allows(Duration delay) {
    return remaining().compareTo(delay) > 0;
  }

  /** This one, or {@code limit} from now, whichever comes first. */
  public Deadline atMost(Duration limit) {
    return allows(limit) ? after(limit) : this;
  }
}
