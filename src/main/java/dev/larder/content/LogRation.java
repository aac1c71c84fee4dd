package dev.larder.content;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Lines of one kind in the log: the first at once, then one a {@link #PERIOD} that says how many
 * were left out before it. An outage is one thing to say however many clients meet it. Safe for
 * concurrent use; {@code kinds} must be few.
 */
public final class LogRation {
  public static final Duration PERIOD = Duration.ofMinutes(1);

  private final LongSupplier nanos;
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

  private record Kind(long next, long leftOut, OptionalLong due) {}

  public LogRation(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How many were left out before this line; empty when this one is left out too. */
  public OptionalLong line(String kind) {
    long now = nanos.getAsLong();
    Kind after =
        kinds.compute(
            kind,
            (_, before) -> {
              if (before != null && now - before.next() < 0) {
                return new Kind(before.next(), before.leftOut() + 1, OptionalLong.empty());
              }
              long leftOut = before == null ? 0 : before.leftOut();
              return new Kind(now + PERIOD.toNanos(), 0, OptionalLong.of(leftOut));
            });
    return after == null ? OptionalLong.empty() : after.due();
  }
}
