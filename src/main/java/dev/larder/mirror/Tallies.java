package dev.larder.mirror;

import dev.larder.catalog.Catalog.Counts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Counters by name, at most so many at once: who comes when all are taken is counted with the
 * others. One that was idle for a day makes room; no answer takes that long without a byte.
 */
final class Tallies<K> {
  /** Under which name those are counted for whom there was no counter of their own. */
  static final String OTHERS = "(others)";

  private static final long IDLE_NANOS = Duration.ofDays(1).toNanos();

  private final int most;
  private final Function<K, String> name;
  private final Map<K, Tally> tallies = new ConcurrentHashMap<>();
  private final Tally others = new Tally();

  Tallies(int most, Function<K, String> name) {
    this.most = most;
    this.name = name;
  }

  Tally of(K key) {
    Tally present = tallies.get(key);
    if (present != null) {
      return present;
    }
    return tallies.size() >= most ? others : tallies.computeIfAbsent(key, _ -> new Tally());
  }

  /** What was counted since the last time, by name. For one thread at a time. */
  Map<Tally, Taken> take() {
    Map<Tally, Taken> taken = new HashMap<>();
    tallies.forEach((key, tally) -> taken.put(tally, new Taken(name.apply(key), tally.take())));
    tallies.values().removeIf(tally -> tally.idleNanos() > IDLE_NANOS);
    taken.put(others, new Taken(OTHERS, others.take()));
    taken.values().removeIf(each -> each.counts().isEmpty());
    return taken;
  }

  /** Counts that are to be written down under a name. */
  record Taken(String name, Counts counts) {}
}
