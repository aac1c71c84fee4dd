package dev.larder.serve.api;

import dev.larder.resident.ResidentEntry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /api/cache/stats}: the models in memory, by what they are called. */
record MemoryStats(int totalEntries, Map<String, Entry> entries) {
  /** One model. Its uses since it was loaded, and hits and misses of its name before that too. */
  record Entry(
      long accessCount,
      Instant createdAt,
      Instant lastAccessed,
      BigDecimal ageSeconds,
      BigDecimal idleSeconds,
      BigDecimal loadSeconds,
      long sizeBytes,
      long hits,
      long misses,
      int leases,
      List<String> pinnedBy) {
    static Entry of(ResidentEntry entry) {
      return new Entry(
          entry.accesses(),
          entry.created(),
          entry.lastAccessed(),
          seconds(entry.age()),
          seconds(entry.idle()),
          seconds(entry.loadTime()),
          entry.bytes(),
          entry.hits(),
          entry.misses(),
          entry.leases(),
          entry.pinnedBy());
    }

    private static BigDecimal seconds(Duration time) {
      return BigDecimal.valueOf(time.toMillis(), 3);
    }
  }

  static MemoryStats of(List<ResidentEntry> all) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    all.stream()
        .sorted(Comparator.comparing(entry -> entry.key().name()))
        .forEach(entry -> entries.put(entry.key().name(), Entry.of(entry)));
    return new MemoryStats(entries.size(), entries);
  }
}
