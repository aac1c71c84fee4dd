package dev.larder.resident;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Both clocks: {@code nanos} measures, {@code clock} is for people only. */
record Times(InstantSource clock, LongSupplier nanos) {
  /** Far enough to be for ever, near enough to be added to any time. */
  static final long FOR_EVER = Long.MAX_VALUE / 4;

  long now() {
    return nanos.getAsLong();
  }

  /** When it was {@code then} by {@link #now}. */
  Instant at(long then) {
    return clock.instant().minusNanos(now() - then);
  }

  static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(FOR_EVER)) >= 0 ? FOR_EVER : duration.toNanos();
  }
}
