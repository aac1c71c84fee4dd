package dev.larder.upkeep;

import dev.larder.content.Sizes;
import dev.larder.store.BlobStore.Space;
import dev.larder.store.StoreLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Says who holds the space that was wanted. */
final class Holders {
  private Holders() {}

  /** One sentence or two; what is evictable and not enough is told too. */
  static String sentence(EvictionPlan plan, Space space, StoreLimits limits) {
    List<String> parts = new ArrayList<>();
    plan.held().entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<Hold, Long>>comparingInt(held -> held.getKey().kind().ordinal())
                .thenComparing(Map.Entry.<Hold, Long>comparingByValue().reversed()))
        .forEach(held -> parts.add(held.getKey() + " " + Sizes.format(held.getValue())));
    if (space.reservedBytes() > 0) {
      parts.add("on its way in " + Sizes.format(space.reservedBytes()));
    }
    if (plan.freedBytes() > 0) {
      parts.add("evictable " + Sizes.format(plan.freedBytes()));
    }
    String budget =
        limits.maxSizeBytes() == Long.MAX_VALUE
            ? ""
            : " of a budget of " + Sizes.format(limits.maxSizeBytes());
    String floor =
        "; the file system has %s free, and %s are to stay free (LARDER_MIN_FREE)"
            .formatted(Sizes.format(space.freeBytes()), Sizes.format(limits.minFreeBytes()));
    return "Not enough can be evicted: %s are stored%s (%s)%s."
        .formatted(
            Sizes.format(space.storedBytes()),
            budget,
            parts.isEmpty() ? "nothing of it evictable" : String.join(", ", parts),
            floor);
  }
}
