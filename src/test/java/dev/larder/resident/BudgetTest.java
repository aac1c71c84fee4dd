package dev.larder.resident;

import static dev.larder.resident.Fixture.async;
import static dev.larder.resident.Fixture.get;
import static dev.larder.resident.Fixture.key;
import static dev.larder.resident.Fixture.loader;
import static dev.larder.resident.Fixture.noLoader;
import static dev.larder.resident.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.ResidentEvent.Evicted;
import dev.larder.resident.ResidentEvent.Reason;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Bytes: reserved, corrected, made free. */
class BudgetTest {
  private final CountDownLatch go = new CountDownLatch(1);

  @Test
  void estimate_aboveTheBudget_isRefusedWithBothNumbers() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe idle = fixture.loadIdle("a", 60);

      assertThatThrownBy(() -> fixture.models.acquire(key("b"), loader(101), "me"))
          .isInstanceOfSatisfying(
              ResidentException.TooBig.class,
              e -> {
                assertThat(e.estimateBytes()).isEqualTo(101);
                assertThat(e.budgetBytes()).isEqualTo(100);
                assertThat(e.code()).isEqualTo("model-too-big");
                assertThat(e.retryable()).isFalse();
              })
          .hasMessageContainingAll("101", "100");
      assertThat(idle.closed()).isZero();
    }
  }

  @Test
  void estimate_isReservedBeforeTheLoadAndCorrectedAfterIt() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      ModelLoader<Probe> looking =
          ModelLoader.of(
              70,
              () -> {
                assertThat(fixture.models.stats().reservedBytes()).isEqualTo(70);
                return Loaded.of(new Probe(), 40);
              });

      fixture.models.acquire(key("a"), looking, "me").close();

      assertThat(fixture.models.stats().usedBytes()).isEqualTo(40);
      assertThat(fixture.models.stats().reservedBytes()).isZero();
      assertThat(fixture.loadIdle("b", 60)).isNotNull();
      assertThat(fixture.names()).containsExactly("a", "b");
    }
  }

  @Test
  void load_withAmpleRoom_evictsNothing() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      for (int i = 0; i < 10; i++) {
        fixture.loadIdle("m" + i, 10);
        fixture.pass(Duration.ofSeconds(1));
      }

      assertThat(fixture.told(Evicted.class)).isEmpty();
      assertThat(fixture.models.stats().usedBytes()).isEqualTo(100);
    }
  }

  @Test
  void load_withoutRoom_evictsTheLeastValuableAndNoMore() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe oldest = fixture.loadIdle("a", 40);
      fixture.pass(Duration.ofSeconds(30));
      Probe middle = fixture.loadIdle("b", 40);
      fixture.pass(Duration.ofSeconds(30));

      fixture.loadIdle("c", 30);

      assertThat(oldest.closed()).isEqualTo(1);
      assertThat(middle.closed()).isZero();
      assertThat(fixture.told(Evicted.class))
          .containsExactly(new Evicted(key("a"), 40, new Reason.Room(key("c"), 30, 10)));
      assertThat(fixture.models.stats().evictions()).isEqualTo(1);
      assertThat(fixture.models.stats().usedBytes()).isEqualTo(70);
    }
  }

  @Test
  void load_withoutRoom_sparesWhatIsPinnedOrInUse() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe pinned = fixture.loadIdle("pinned", 30);
      fixture.models.pin(key("pinned"), "operator");
      try (Lease<Probe> used = fixture.acquire("used", 30)) {
        fixture.pass(Duration.ofHours(1));
        Probe idle = fixture.loadIdle("idle", 30);

        fixture.loadIdle("new", 40);

        assertThat(idle.closed()).isEqualTo(1);
        assertThat(pinned.closed() + used.model().closed()).isZero();
      }
    }
  }

  @Test
  void evicted_whileItCloses_stillCounts() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      CountDownLatch closing = new CountDownLatch(1);
      ModelLoader<Probe> tough =
          ModelLoader.of(
              80,
              () ->
                  new Loaded<>(
                      new Probe(),
                      80,
                      () -> {
                        closing.countDown();
                        go.await();
                      }));
      fixture.models.acquire(key("a"), tough, "me").close();

      FutureTask<Lease<Probe>> next =
          async(() -> fixture.models.acquire(key("b"), loader(50), "me"));
      closing.await();
      assertThat(fixture.names()).isEmpty();
      assertThat(fixture.models.stats().usedBytes()).isEqualTo(80);
      assertThat(fixture.models.stats().reservedBytes()).isZero();

      go.countDown();
      get(next).close();
      assertThat(fixture.models.stats().usedBytes()).isEqualTo(50);
    }
  }

  @Test
  void unloaded_whileInUse_stillCounts() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> lease = fixture.acquire("a", 80);
      fixture.models.unload(key("a"));

      assertThat(fixture.models.stats().usedBytes()).isEqualTo(80);
      assertThatThrownBy(() -> fixture.models.acquire(key("b"), loader(50), "me", Duration.ZERO))
          .isInstanceOf(ResidentException.class);

      lease.close();
      assertThat(fixture.models.stats().usedBytes()).isZero();
    }
  }

  @Test
  void measured_aboveTheEstimate_evictsIdleOnesBackToTheBudget() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe idle = fixture.loadIdle("a", 50);
      ModelLoader<Probe> larger = ModelLoader.of(10, () -> Loaded.of(new Probe(), 70));

      try (Lease<Probe> lease = fixture.models.acquire(key("b"), larger, "me")) {
        until(() -> idle.closed() == 1);
        assertThat(fixture.told(Evicted.class))
            .containsExactly(new Evicted(key("a"), 50, new Reason.OverBudget(20)));
        assertThat(lease.model().closed()).isZero();
      }
    }
  }

  @Test
  void measured_aboveTheWholeBudget_servesWhoWaitsAndGoesWhenIdle() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      ModelLoader<Probe> huge = ModelLoader.of(10, () -> Loaded.of(new Probe(), 300));
      Lease<Probe> lease = fixture.models.acquire(key("a"), huge, "me");
      Probe model = lease.model();
      fixture.models.sweep();
      assertThat(model.closed()).isZero();
      assertThat(fixture.models.stats().usedBytes()).isEqualTo(300);

      lease.close();
      fixture.models.sweep();

      assertThat(model.closed()).isEqualTo(1);
      assertThat(fixture.models.stats().usedBytes()).isZero();
    }
  }

  @Test
  void twoKeys_oneBudget_eachHeldWhileTheOtherIsWanted_endWithoutDeadlock() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> a = fixture.acquire("a", 50);
      Lease<Probe> b = fixture.acquire("b", 50);
      FutureTask<Lease<Probe>> one =
          async(() -> fixture.models.acquire(key("c"), loader(50), "one", Duration.ofSeconds(9)));
      FutureTask<Lease<Probe>> two =
          async(() -> fixture.models.acquire(key("d"), loader(50), "two", Duration.ofSeconds(10)));
      until(() -> fixture.models.stats().queued() == 2);
      fixture.pass(Duration.ofSeconds(9));
      fixture.models.sweep();

      assertThatThrownBy(() -> get(one)).hasCauseInstanceOf(ResidentException.NoRoom.class);
      a.close();
      get(two).close();
      b.close();
    }
  }

  @Test
  void twoKeys_oneBudget_wantedInTurnsByMany_bothGoOn() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(60)) {
      var tasks = new java.util.ArrayList<FutureTask<Integer>>();
      for (int thread = 0; thread < 8; thread++) {
        String name = thread % 2 == 0 ? "a" : "b";
        tasks.add(
            async(
                () -> {
                  for (int round = 0; round < 200; round++) {
                    fixture.acquire(name, 50).close();
                  }
                  return 200;
                }));
      }
      for (FutureTask<Integer> task : tasks) {
        assertThat(get(task)).isEqualTo(200);
      }
      assertThat(fixture.models.stats().usedBytes()).isLessThanOrEqualTo(60);
    }
  }

  @Test
  void bytes_afterAFailedLoad_areFree() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      ModelLoader<Probe> failing = ModelLoader.of(90, noLoader()::load);
      assertThatThrownBy(() -> fixture.models.acquire(key("a"), failing, "me"))
          .isInstanceOf(ResidentException.LoadFailed.class);

      assertThat(fixture.loadIdle("b", 100)).isNotNull();
    }
  }
}
