package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Two threads that do one thing each, at the same moment, over and over. Claims that these pairs of
 * steps leave no model open, in use or closed twice; nothing of longer sequences.
 */
class LeaseRaceTest {
  private static final int ROUNDS = 3_000;

  private final Fixture fixture =
      new Fixture(
          ResidentSettings.ofBudget(100)
              .withKeepAlive(Duration.ZERO)
              .withClosePatience(Duration.ZERO),
          LoadRun::run);

  /** Each round begins with a lease on a new model, and ends with that model closed. */
  private void race(Consumer<Lease<Probe>> one, Consumer<Lease<Probe>> other) throws Exception {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Lease<?>[] current = new Lease<?>[1];
    FutureTask<Boolean> opponent =
        new FutureTask<>(
            () -> {
              for (int round = 1; round <= ROUNDS; round++) {
                await(begun, round);
                @SuppressWarnings("unchecked") // This test made it.
                Lease<Probe> lease = (Lease<Probe>) current[0];
                other.accept(lease);
                ended.set(round);
              }
              return true;
            });
    Thread _ = Thread.ofPlatform().daemon().start(opponent);

    for (int round = 1; round <= ROUNDS; round++) {
      Lease<Probe> lease = fixture.acquire("a", 10);
      Probe model = lease.model();
      current[0] = lease;
      begun.set(round);
      one.accept(lease);
      await(ended, round);
      assertThat(model.torn()).as("round %d", round).isFalse();
      fixture.models.clear();
      assertThat(model.closed()).as("round %d", round).isEqualTo(1);
      assertThat(fixture.models.stats().usedBytes()).isZero();
    }
    assertThat(Fixture.get(opponent)).isTrue();
  }

  private static void await(AtomicInteger counter, int round) {
    long begun = System.nanoTime();
    for (int spins = 0; counter.get() < round; spins++) {
      if (spins % 1_000 == 999) {
        assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void lastLeaseEnds_whileItsModelIsUnloaded_closesItOnce() throws Exception {
    race(Lease::close, _ -> fixture.models.unload(Fixture.key("a")));
  }

  @Test
  void lease_endedByTwoThreads_endsOnce() throws Exception {
    race(Lease::close, Lease::close);
  }

  @Test
  void modelIsTaken_whileIdleOnesGo_isNeverClosedInUse() throws Exception {
    race(
        lease -> {
          lease.close();
          fixture.models.sweep();
        },
        lease -> use());
  }

  @Test
  void modelIsTaken_whileItIsUnloaded_isNeverClosedInUse() throws Exception {
    race(
        lease -> {
          lease.close();
          fixture.models.unload(Fixture.key("a"));
        },
        lease -> use());
  }

  private void use() {
    try (Lease<Probe> lease = fixture.acquire("a", 10)) {
      lease.model().use();
    }
  }
}
