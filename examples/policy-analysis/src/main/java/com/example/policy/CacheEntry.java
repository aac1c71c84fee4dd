package com.example.policy;

import dev.larder.resident.ResidentEntry;
import java.time.Instant;

/** A model in memory, as {@code /api/cache/stats} shows it. */
record CacheEntry(
    long accessCount,
    Instant createdAt,
    Instant lastAccessed,
    double ageSeconds,
    double loadSeconds,
    long memoryBytes,
    long hits,
    long misses,
    int inUse) {
  static CacheEntry of(ResidentEntry entry) {
    return new CacheEntry(
        entry.accesses(),
        entry.created(),
        entry.lastAccessed(),
        entry.age().toNanos() / 1e9,
        entry.loadTime().toNanos() / 1e9,
        entry.bytes(),
        entry.hits(),
        entry.misses(),
        entry.leases());
  }
}
