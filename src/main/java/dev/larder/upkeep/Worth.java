package dev.larder.upkeep;

import java.time.Instant;
import java.util.Comparator;

/** What speaks for keeping something. {@code sizeBytes}: also what it costs to fetch again. */
public record Worth(Instant lastUsed, long sizeBytes) {
  /** The longest unused first; of two that were used at one time, the one that frees more. */
  public static final Comparator<Worth> LEAST_FIRST =
      Comparator.comparing(Worth::lastUsed)
          .thenComparing(Comparator.comparingLong(Worth::sizeBytes).reversed());
}
