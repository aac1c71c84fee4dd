package dev.larder.upkeep;

import java.time.Instant;
import java.util.Optional;

/**
 * How far the nightly scrub is. {@code running}: it hashes just now. {@code last}: the newest
 * night. {@code next}: when the next one begins; empty when it is switched off. {@code blobs} and
 * {@code bytes} are in the store; the one that nobody hashed for longest was hashed at {@code
 * oldestCheck}. {@code cycleDays}: until every blob had its turn. {@code lostBlobs} disappeared or
 * were quarantined, and wait to be fetched again.
 */
public record ScrubStatus(
    boolean running,
    Optional<Night> last,
    Optional<Instant> next,
    long blobs,
    long bytes,
    Optional<Instant> oldestCheck,
    long cycleDays,
    long lostBlobs,
    long rateBytes) {
  /** One night. Without an end it runs, or was cut. */
  public record Night(
      Instant begunAt,
      Optional<Instant> endedAt,
      long shareBytes,
      long blobs,
      long bytes,
      long found,
      long repaired) {}
}
