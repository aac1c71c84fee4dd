package dev.larder.upkeep;

import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A blob of the store as a plan of eviction sees it. {@code newestOf}: repos whose newest ref names
 * it; {@code olderOf}: repos that have it in other snapshots only. {@code young}: it came, or was
 * linked, within the hour.
 */
record Candidate(
    Digest digest,
    long sizeBytes,
    Instant lastUsed,
    boolean young,
    RefetchCost refetch,
    Set<RepoId> newestOf,
    Set<RepoId> olderOf,
    Optional<Hold> hold) {
  /** Below it a file gives hardly any room, and is asked for again all the same. */
  private static final long SMALL_BYTES = 1_000_000;

  private static final double SMALL_FACTOR = 4;

  Candidate {
    newestOf = Set.copyOf(newestOf);
    olderOf = Set.copyOf(olderOf);
  }

  /** No snapshot is known to need it. */
  boolean unneeded() {
    return newestOf.isEmpty() && olderOf.isEmpty();
  }

  /** Needed by snapshots, and by no newest one. */
  boolean outdated() {
    return newestOf.isEmpty() && !olderOf.isEmpty();
  }

  Candidate held(Hold why) {
    return new Candidate(
        digest, sizeBytes, lastUsed, young, refetch, newestOf, olderOf, Optional.of(why));
  }

  /** A later turn goes after every earlier one, whatever its blobs weigh. */
  int turn() {
    if (unneeded()) {
      return 0;
    }
    if (refetch == RefetchCost.MAYBE_NOT) {
      return 3;
    }
    return young ? 2 : 1;
  }

  /** Seconds of idleness, as many as they count; the most goes first. */
  double weight(Instant now) {
    double idle = Math.max(0, Duration.between(lastUsed, now).toMillis() / 1000.0);
    return idle / (refetch.factor() * (sizeBytes < SMALL_BYTES ? SMALL_FACTOR : 1));
  }

  /** For people: why it was worth less than others. */
  String reason(Instant now) {
    if (unneeded()) {
      return "no snapshot needs it";
    }
    String idle = "not used for " + words(Duration.between(lastUsed, now));
    if (outdated()) {
      return "only older snapshots have it, " + idle;
    }
    return switch (turn()) {
      case 3 -> idle + ", and nothing else could go that is known to be on the hub";
      case 2 -> idle + ", and nothing older could go";
      default -> idle;
    };
  }

  private static String words(Duration time) {
    if (time.toMinutes() < 2) {
      return Math.max(0, time.toSeconds()) + " s";
    }
    if (time.toHours() < 2) {
      return time.toMinutes() + " minutes";
    }
    return time.toDays() < 2 ? time.toHours() + " hours" : time.toDays() + " days";
  }
}
