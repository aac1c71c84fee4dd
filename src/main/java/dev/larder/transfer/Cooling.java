package dev.larder.transfer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which objects failed to verify a moment ago, so that a broken upstream is not asked in
 * a loop.
 */
final class Cooling {
  private static final Duration REST = Duration.ofSeconds(1);
  private static final int LIMIT = 10_000;

  private final Map<FlightKey, Long> until = new ConcurrentHashMap<>();

  void note(FlightKey key) {
    long now = System.nanoTime();
    if (until.size() >= LIMIT) {
      until.values().removeIf(end -> end - now <= 0);
    }
    until.put(key, now + REST.toNanos());
  }

  /** Throws {@link TransferException.CoolingDown} while {@code key} rests. */
  void check(FlightKey key) {
    Long end = until.get(key);
    if (end == null) {
      return;
    }
    long left = end - System.nanoTime();
    if (left <= 0) {
      until.remove(key, end);
      return;
    }
    throw new TransferException.CoolingDown(
        "The upstream's bytes for "
            + key
            + " did not verify a moment ago; it is asked again in a second.",
        Duration.ofNanos(left));
  }
}
