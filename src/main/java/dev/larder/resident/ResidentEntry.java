package dev.larder.resident;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A model that is in memory, as it was at one moment. {@code accesses}: leases given since it was
 * loaded. {@code hits}, {@code misses}: of its key, also from before it was loaded last, as far as
 * that is remembered. {@code idle}: since its last use began or ended. {@code leases}: how many are
 * open. {@code pinnedBy}: owners of its pins.
 */
public record ResidentEntry(
    ModelKey<?> key,
    long bytes,
    long accesses,
    long hits,
    long misses,
    Instant created,
    Instant lastAccessed,
    Duration age,
    Duration idle,
    Duration loadTime,
    Duration keepAlive,
    int leases,
    List<String> pinnedBy) {
  public ResidentEntry {
    pinnedBy = List.copyOf(pinnedBy);
  }
}
