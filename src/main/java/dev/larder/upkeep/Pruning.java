package dev.larder.upkeep;

import java.time.Duration;
import java.util.Optional;

/**
 * How much a prune removes beside what nothing refers to: repos that were not used for {@code
 * olderThan}, and the least valuable ones until {@code maxBytes} are left. The limits hold for each
 * location by itself; {@code location}: of one alone.
 */
public record Pruning(
    Optional<Duration> olderThan, Optional<Long> maxBytes, Optional<String> location) {
  /** In all locations. */
  public Pruning(Optional<Duration> olderThan, Optional<Long> maxBytes) {
    this(olderThan, maxBytes, Optional.empty());
  }
}
