package dev.larder.mirror;

import dev.larder.catalog.Catalog.Counts;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one repo or one caller. Adding takes no lock. */
final class Tally {
  final LongAdder hits = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder served = new LongAdder();
  final LongAdder upstream = new LongAdder();
  final LongAdder upstreamNanos = new LongAdder();
  private final LongAdder joined = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder bypassed = new LongAdder();

  /**
   * When something was counted last, as far as {@link #take} has seen; for one thread at a time.
   */
  private long lastCountNanos = System.nanoTime();

  void count(CacheState state) {
    switch (state) {
      case HIT -> hits.increment();
      case STALE -> {
        hits.increment();
        stale.increment();
      }
      case MISS -> misses.increment();
      case JOINED -> {
        misses.increment();
        joined.increment();
      }
      case BYPASS -> {
        misses.increment();
        bypassed.increment();
      }
    }
  }

  /** What was counted since the last time. */
  Counts take() {
    long nanos = upstreamNanos.sumThenReset();
    long millis = nanos / 1_000_000;
    upstreamNanos.add(nanos - millis * 1_000_000);
    Counts counts =
        new Counts(
            hits.sumThenReset(),
            misses.sumThenReset(),
            served.sumThenReset(),
            upstream.sumThenReset(),
            joined.sumThenReset(),
            stale.sumThenReset(),
            bypassed.sumThenReset(),
            millis);
    if (!counts.isEmpty()) {
      lastCountNanos = System.nanoTime();
    }
    return counts;
  }

  /** How long nothing was counted. */
  long idleNanos() {
    return System.nanoTime() - lastCountNanos;
  }

  void giveBack(Counts counts) {
    hits.add(counts.hits());
    misses.add(counts.misses());
    served.add(counts.servedBytes());
    upstream.add(counts.upstreamBytes());
    joined.add(counts.joined());
    stale.add(counts.stale());
    bypassed.add(counts.bypassed());
    upstreamNanos.add(counts.upstreamMillis() * 1_000_000);
  }
}
