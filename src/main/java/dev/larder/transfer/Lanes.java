package dev.larder.transfer;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shares the connections to upstreams, one lane each, among all flights. A flight without a lane
 * comes first, and the last quarter is for such flights only, so that a small file starts at once
 * beside big ones; else who has fewest comes first.
 *
 * <p>Safe for concurrent use. Its lock may be taken inside a flight's, and no flight is called
 * under it.
 */
final class Lanes {
  /** Whoever fetches. */
  interface Lessee {
    /** It was given a lane that it had waited for, and uses it or gives it back. */
    void laneGranted();
  }

  private final int most;
  private final int mostExtra;
  private final Map<Lessee, Integer> held = new HashMap<>();
  private final Set<Lessee> waiting = new LinkedHashSet<>();
  private int open;

  /** Lanes that somebody has promised to free for one who has none. */
  private int promised;

  private volatile boolean starving;

  Lanes(int most) {
    this.most = most;
    this.mostExtra = most - most / 4;
  }

  /** Takes a lane. When it may not, the lessee waits to be granted one. */
  synchronized boolean take(Lessee lessee) {
    int mine = held(lessee);
    if (open < limit(mine) && !othersFirst(lessee, mine)) {
      grant(lessee);
      return true;
    }
    waiting.add(lessee);
    look();
    return false;
  }

  /** Gives a lane back and lets others have it. Called with no lock held. */
  void handOver(Lessee lessee) {
    give(lessee);
    passOn();
  }

  /** Wants none any more, for good. Called with no lock held. */
  void leave(Lessee lessee) {
    content(lessee);
    passOn();
  }

  /** Gives a lane back that others get with the next one that is handed over. */
  synchronized void give(Lessee lessee) {
    open--;
    promised = Math.max(0, promised - 1);
    held.computeIfPresent(lessee, (_, count) -> count == 1 ? null : count - 1);
    look();
  }

  /** It wants no further lane. */
  synchronized void content(Lessee lessee) {
    waiting.remove(lessee);
    look();
  }

  /** Whether who has done a piece should let its lane go to somebody who has fewer. */
  synchronized boolean shouldYield(Lessee lessee) {
    int mine = held(lessee);
    return waiting.stream()
        .filter(other -> other != lessee)
        .anyMatch(other -> held(other) == 0 || held(other) + 1 < mine);
  }

  /** Whether somebody who has no lane waits for one. No lock is taken. */
  boolean starving() {
    return starving;
  }

  /** Whether {@code lessee} should stop in the middle of a piece for one who has no lane. */
  synchronized boolean shouldCut(Lessee lessee) {
    long without = waiting.stream().filter(other -> held(other) == 0).count();
    int mine = held(lessee);
    boolean richest = mine > 1 && held.values().stream().allMatch(count -> count <= mine);
    if (!richest || promised >= without) {
      return false;
    }
    promised++;
    return true;
  }

  /** Grants what is free to those who wait. */
  private void passOn() {
    for (Lessee next = next(); next != null; next = next()) {
      next.laneGranted();
    }
  }

  private synchronized @Nullable Lessee next() {
    Lessee poorest = null;
    for (Lessee lessee : waiting) {
      if (poorest == null || held(lessee) < held(poorest)) {
        poorest = lessee;
      }
    }
    if (poorest == null || open >= limit(held(poorest))) {
      return null;
    }
    grant(poorest);
    return poorest;
  }

  private void grant(Lessee lessee) {
    open++;
    held.merge(lessee, 1, Integer::sum);
    waiting.remove(lessee);
    look();
  }

  private int limit(int mine) {
    return mine == 0 ? most : mostExtra;
  }

  /** Whether one with fewer waits, or one without any who came earlier. */
  private boolean othersFirst(Lessee lessee, int mine) {
    for (Lessee other : waiting) {
      if (other == lessee && mine == 0) {
        return false;
      }
      if (other != lessee && (held(other) < mine || held(other) == 0)) {
        return true;
      }
    }
    return false;
  }

  private int held(Lessee lessee) {
    return held.getOrDefault(lessee, 0);
  }

  private void look() {
    starving = waiting.stream().anyMatch(lessee -> held(lessee) == 0);
  }
}
