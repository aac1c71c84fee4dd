package dev.larder.upkeep;

import dev.larder.content.FileStat;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * When a repo was last used. {@code recorded}: uses of its blobs, by the names that they have in
 * its folder. A program that reads and writes the tree itself records none: for its files the times
 * of the file say it.
 */
record LastUse(Map<String, Instant> recorded, Instant now) {
  /** The newest use that was recorded of any of its blobs. */
  Optional<Instant> known() {
    return recorded.isEmpty() ? Optional.empty() : Optional.of(Collections.max(recorded.values()));
  }

  /**
   * Of a file with the name of {@code blob}. What was written after its recorded use came a second
   * time; a time that lies ahead is of another clock.
   */
  Instant of(String blob, long modifiedNanos, long accessedNanos) {
    Instant modified = FileStat.time(modifiedNanos);
    Instant use = recorded.get(blob);
    if (use == null) {
      return FileStat.time(Math.max(modifiedNanos, accessedNanos));
    }
    return modified.isAfter(use) && !modified.isAfter(now) ? modified : use;
  }
}
