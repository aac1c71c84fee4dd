package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.catalog.DecisionRows.Most;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was decided about requests that were no plain hits, for whoever asks why. Kept in memory
 * until {@link #flush} writes it down; the same decision again is one more time of it. Bounded on
 * both sides, and refusals and failures apart from the rest: what they are about can be made up.
 * Safe for concurrent use.
 */
final class Decisions {
  private static final int MOST_WAITING = 2_000;
  private static final int MOST_REFUSALS_WAITING = 100;
  private static final Most MOST_KEPT = new Most(5_000, 5_000, 20_000);
  private static final Duration KEPT = Duration.ofDays(30);

  private final Catalog catalog;
  private final InstantSource clock;

  // Guarded by this.
  private Map<DecisionRow, Seen> waiting = new LinkedHashMap<>();
  private int refusals;

  /** How often, and when last. */
  private record Seen(Instant at, long times) {}

  Decisions(Catalog catalog, InstantSource clock) {
    this.catalog = catalog;
    this.clock = clock;
  }

  /** Without its time: that is now. What there is no room for is forgotten. */
  void note(DecisionRow decision) {
    DecisionRow key = at(decision, new Seen(Instant.EPOCH, 1));
    Instant now = clock.instant();
    synchronized (this) {
      Seen before = waiting.get(key);
      if (before == null && !hasRoom(key)) {
        return;
      }
      waiting.put(key, new Seen(now, before == null ? 1 : before.times() + 1));
    }
  }

  // Holds the monitor.
  private boolean hasRoom(DecisionRow key) {
    if (key.kind().equals(DecisionRow.REFUSED) || key.kind().equals(DecisionRow.FAILED)) {
      return refusals < MOST_REFUSALS_WAITING && ++refusals > 0;
    }
    return waiting.size() < MOST_WAITING;
  }

  private static DecisionRow at(DecisionRow row, Seen seen) {
    return new DecisionRow(
        seen.at(),
        row.repo(),
        row.revision(),
        row.path(),
        row.commit(),
        row.identity(),
        row.kind(),
        row.caller(),
        row.detail(),
        seen.times());
  }

  /** What cannot be written down waits for the next time. */
  void flush() {
    Map<DecisionRow, Seen> taken = take();
    if (taken.isEmpty()) {
      return;
    }
    List<DecisionRow> rows = new ArrayList<>();
    taken.forEach((row, seen) -> rows.add(at(row, seen)));
    try {
      catalog.decisions().add(rows);
    } catch (RuntimeException e) {
      giveBack(taken);
      throw e;
    }
    catalog.decisions().prune(clock.instant().minus(KEPT), MOST_KEPT);
  }

  private synchronized Map<DecisionRow, Seen> take() {
    Map<DecisionRow, Seen> taken = waiting;
    waiting = new LinkedHashMap<>();
    refusals = 0;
    return taken;
  }

  private synchronized void giveBack(Map<DecisionRow, Seen> taken) {
    taken.forEach(
        (row, seen) -> {
          if (waiting.containsKey(row) || hasRoom(row)) {
            waiting.merge(row, seen, (now, then) -> new Seen(now.at(), now.times() + then.times()));
          }
        });
  }
}
