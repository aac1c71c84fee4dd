package dev.larder.cli;

import dev.larder.upkeep.RepoListing;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** How {@code ls} sorts; equal ones by name. */
enum ListingOrder {
  /** From A to Z. */
  NAME(Comparator.comparing(RepoListing::repo)),
  /** The largest first. */
  SIZE(Comparator.comparing(RepoListing::sizeBytes).reversed()),
  /** What was used last first. */
  USED(Comparator.comparing((RepoListing repo) -> time(repo.lastUsed())).reversed()),
  /** What was modified last first. */
  MODIFIED(Comparator.comparing((RepoListing repo) -> time(repo.lastModified())).reversed());

  private final Comparator<RepoListing> comparator;

  ListingOrder(Comparator<RepoListing> comparator) {
    this.comparator = comparator;
  }

  /** Throws {@link UsageException} for another word. */
  static ListingOrder parse(String text) {
    return Arrays.stream(values())
        .filter(order -> order.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "'%s' is nothing to sort by; there are name, size, used, modified."
                        .formatted(text)));
  }

  private static Instant time(Optional<Instant> time) {
    return time.orElse(Instant.EPOCH);
  }

  Comparator<RepoListing> comparator(boolean reverse) {
    return (reverse ? comparator.reversed() : comparator).thenComparing(RepoListing::repo);
  }
}
