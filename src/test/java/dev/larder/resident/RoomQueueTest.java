package dev.larder.resident;

import static dev.larder.resident.Fixture.async;
import static dev.larder.resident.Fixture.get;
import static dev.larder.resident.Fixture.key;
import static dev.larder.resident.Fixture.loader;
import static dev.larder.resident.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** When everything is in use: who waits, in what order, and what he is told. */
class RoomQueueTest {
  private static FutureTask<Lease<Probe>> wait(Fixture fixture, String name, long bytes) {
    int before = fixture.models.stats().queued();
    FutureTask<Lease<Probe>> task = async(() -> fixture.acquire(name, bytes));
    until(() -> fixture.models.stats().queued() == before + 1);
    return task;
  }

  @Test
  void queue_servesInTheOrderOfArrival() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> held = fixture.acquire("held", 100);
      List<FutureTask<Lease<Probe>>> waiting = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        waiting.add(wait(fixture, "m" + i, 60));
      }

      held.close();
      for (int i = 0; i < 6; i++) {
        Lease<Probe> lease = get(waiting.get(i));
        assertThat(waiting.subList(i + 1, 6)).noneMatch(FutureTask::isDone);
        lease.close();
      }
    }
  }

  @Test
  void queue_smallOneBehindALargeOne_doesNotPassIt() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> held = fixture.acquire("held", 80);
      FutureTask<Lease<Probe>> large = wait(fixture, "large", 90);
      FutureTask<Lease<Probe>> small = wait(fixture, "small", 10);

      assertThat(small.isDone()).isFalse();
      held.close();

      Lease<Probe> first = get(large);
      get(small).close();
      first.close();
    }
  }

  @Test
  void queue_whileSomebodyWaits_warmOnesAreGivenAtOnce() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100);
        Lease<Probe> held = fixture.acquire("held", 80)) {
      FutureTask<Lease<Probe>> waiting = wait(fixture, "next", 50);

      try (Lease<Probe> warm = fixture.acquire("held", 80)) {
        assertThat(warm.model()).isSameAs(held.model());
      }
      held.close();
      get(waiting).close();
    }
  }

  @Test
  void queue_full_refusesAndNamesWhoHoldsWhat() throws Exception {
    ResidentSettings settings = ResidentSettings.ofBudget(100).withLimits(1, 100);
    try (Fixture fixture = new Fixture(settings.withClosePatience(Duration.ZERO))) {
      Lease<Probe> held = fixture.models.acquire(key("bert"), loader(80), "job 7");
      FutureTask<Lease<Probe>> first = wait(fixture, "first", 50);

      assertThatThrownBy(() -> fixture.acquire("second", 50))
          .isInstanceOfSatisfying(
              ResidentException.QueueFull.class,
              e -> {
                assertThat(e.retryable()).isTrue();
                assertThat(e.holdings()).hasSize(1);
              })
          .hasMessageContainingAll("bert", "job 7", "80 bytes", "2026-01-01T00:00:00");

      held.close();
      get(first).close();
    }
  }

  @Test
  void queue_patienceOver_refusesAndNamesWhoHoldsWhat() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100);
        Lease<Probe> held = fixture.models.acquire(key("bert"), loader(50), "job 7")) {
      fixture.loadIdle("kept", 40);
      fixture.models.pin(key("kept"), "operator");
      FutureTask<Lease<Probe>> late = wait(fixture, "late", 50);
      fixture.pass(Duration.ofMinutes(1));
      fixture.models.sweep();

      assertThatThrownBy(() -> get(late))
          .cause()
          .isInstanceOfSatisfying(
              ResidentException.NoRoom.class,
              e -> {
                assertThat(e.code()).isEqualTo("model-memory-full");
                assertThat(e.holdings())
                    .extracting(Holding::kind, Holding::owner, Holding::bytes)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Holding.Kind.LEASE, "job 7", 50L),
                        org.assertj.core.groups.Tuple.tuple(Holding.Kind.PIN, "operator", 40L));
              })
          .hasMessageContainingAll("late", "bert", "job 7", "operator", "100 bytes");
      assertThat(held.model().closed()).isZero();
    }
  }

  @Test
  void queued_loadThatNobodyWaitsForAnyMore_leaves() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> held = fixture.acquire("held", 80);
      FutureTask<Lease<Probe>> large = wait(fixture, "large", 100);
      FutureTask<Lease<Probe>> small =
          async(() -> fixture.models.acquire(key("small"), loader(10), "me", Duration.ofHours(1)));
      until(() -> fixture.models.stats().queued() == 2);
      fixture.pass(Duration.ofMinutes(1));
      fixture.models.sweep();

      assertThatThrownBy(() -> get(large)).hasCauseInstanceOf(ResidentException.NoRoom.class);
      get(small).close();
      until(() -> fixture.told(ResidentEvent.NotLoaded.class).size() == 1);
      held.close();
      assertThat(fixture.names()).containsExactly("held", "small");
    }
  }

  @Test
  void preload_withoutRoom_waitsAsLongAsACaller() {
    try (Fixture fixture = Fixture.ofBudget(100);
        Lease<Probe> held = fixture.acquire("held", 80)) {
      fixture.models.preload(key("late"), loader(50), "start");
      until(() -> fixture.models.stats().queued() == 1);
      fixture.pass(Duration.ofSeconds(59));
      fixture.models.sweep();
      assertThat(fixture.models.stats().queued()).isEqualTo(1);

      fixture.pass(Duration.ofSeconds(1));
      fixture.models.sweep();

      until(() -> fixture.models.stats().queued() == 0);
      until(() -> !fixture.told(ResidentEvent.NotLoaded.class).isEmpty());
      assertThat(fixture.told(ResidentEvent.NotLoaded.class).getFirst().cause())
          .isInstanceOf(ResidentException.NoRoom.class);
      assertThat(held.model().closed()).isZero();
    }
  }
}
