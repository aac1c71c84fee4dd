package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.resident.Histories.Kind;
import dev.larder.resident.Histories.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Small histories of three threads on two keys, each explained by some order of its operations.
 * Claims nothing of the account of memory, which is ample here, nor of counters.
 */
class LinearizabilityTest {
  private static final int HISTORIES = 1_500;
  private static final int THREADS = 3;
  private static final int STEPS = 5;

  @Test
  void histories_ofThreeThreads_areExplainedBySomeOrder() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        List<Operation> history = new Play(seed).run(threads);
        assertThat(Histories.explained(history)).as("seed %d: %s", seed, history).isTrue();
      }
    }
  }

  @Test
  void checker_ofHistoriesThatCannotBe_saysSo() {
    Operation loaded = new Operation(Kind.ACQUIRE, "a", 1, 0, Set.of(), 1, 2);
    Operation cleared = new Operation(Kind.CLEAR, "", 0, 1, Set.of(), 3, 4);
    Operation clearedDuring = new Operation(Kind.CLEAR, "", 0, 1, Set.of(), 3, 8);
    Operation stale = new Operation(Kind.ACQUIRE, "a", 1, 1, Set.of(), 5, 6);
    Operation evicted = new Operation(Kind.EVICT, "", 0, 0, Set.of(), 3, 4);
    Operation gone = new Operation(Kind.LIST, "", 0, 0, Set.of(), 5, 6);
    Operation twice = new Operation(Kind.ACQUIRE, "a", 2, 0, Set.of(), 5, 6);

    assertThat(Histories.explained(List.of(loaded, cleared, stale))).isFalse();
    assertThat(Histories.explained(List.of(loaded, clearedDuring, stale))).isTrue();
    assertThat(Histories.explained(List.of(loaded, evicted, gone))).as("in use").isFalse();
    assertThat(Histories.explained(List.of(loaded, twice))).as("loaded twice").isFalse();
    assertThat(Histories.explained(List.of(loaded, cleared, twice))).isTrue();
  }

  /** One history as it happens. */
  private static final class Play {
    private final Fixture fixture =
        new Fixture(
            ResidentSettings.ofBudget(1_000)
                .withKeepAlive(Duration.ZERO)
                .withClosePatience(Duration.ZERO));
    private final AtomicInteger time = new AtomicInteger();
    private final AtomicInteger ready = new AtomicInteger();
    private final Map<Probe, Integer> numbers = new ConcurrentHashMap<>();
    private final Queue<Operation> history = new ConcurrentLinkedQueue<>();
    private final int seed;

    Play(int seed) {
      this.seed = seed;
    }

    List<Operation> run(ExecutorService threads) throws Exception {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed * 31L + i);
        running.add(threads.submit(() -> play(random)));
      }
      for (Future<?> each : running) {
        each.get(20, TimeUnit.SECONDS);
      }
      fixture.close();
      assertThat(numbers.keySet())
          .as("seed %d", seed)
          .allMatch(each -> each.closed() == 1 && !each.torn());
      return List.copyOf(history);
    }

    private void play(Random random) {
      List<Lease<Probe>> leases = new ArrayList<>();
      ready.incrementAndGet();
      while (ready.get() < THREADS) {
        Thread.yield();
      }
      for (int step = 0; step < STEPS; step++) {
        step(random, leases);
      }
      while (!leases.isEmpty()) {
        release(leases.removeLast());
      }
    }

    private void step(Random random, List<Lease<Probe>> leases) {
      String key = random.nextInt(3) == 0 ? "b" : "a";
      int begun = time.incrementAndGet();
      switch (random.nextInt(12)) {
        case 0 -> note(Kind.CLEAR, "", 0, fixture.models.clear(), begun);
        case 1 -> {
          int was = fixture.models.unload(Fixture.key(key)) ? 1 : 0;
          note(Kind.UNLOAD, key, 0, was, begun);
        }
        case 2, 3 -> {
          fixture.models.sweep();
          note(Kind.EVICT, "", 0, 0, begun);
        }
        case 4 -> list(begun);
        case 5, 6, 7, 8 -> {
          if (!leases.isEmpty()) {
            release(leases.removeLast());
          }
        }
        default -> {
          Lease<Probe> lease = fixture.acquire(key, 10);
          leases.add(lease);
          lease.model().use();
          int model = numbers.computeIfAbsent(lease.model(), _ -> time.incrementAndGet());
          note(Kind.ACQUIRE, key, model, lease.hit() ? 1 : 0, begun);
        }
      }
    }

    private void release(Lease<Probe> lease) {
      int begun = time.incrementAndGet();
      lease.model().use();
      int model = numbers.get(lease.model());
      lease.close();
      note(Kind.RELEASE, lease.key().name(), model, 0, begun);
    }

    private void list(int begun) {
      Set<String> names = new TreeSet<>(fixture.names());
      history.add(new Operation(Kind.LIST, "", 0, 0, names, begun, time.incrementAndGet()));
    }

    private void note(Kind kind, String key, int model, int answer, int begun) {
      history.add(new Operation(kind, key, model, answer, Set.of(), begun, time.incrementAndGet()));
    }
  }
}
