package dev.larder.resident;

import static dev.larder.resident.Fixture.async;
import static dev.larder.resident.Fixture.get;
import static dev.larder.resident.Fixture.key;
import static dev.larder.resident.Fixture.loader;
import static dev.larder.resident.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Unload, clear and the end of all. */
class DepartureTest {
  private final CountDownLatch go = new CountDownLatch(1);

  private ModelLoader<Probe> slow(Probe model) {
    return ModelLoader.of(
        10,
        () -> {
          go.await();
          return Loaded.of(model, 10);
        });
  }

  @Test
  void unload_idle_closesAtOnce() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe model = fixture.loadIdle("a", 10);
      Probe other = fixture.loadIdle("b", 10);

      assertThat(fixture.models.unload(key("a"))).isTrue();
      assertThat(fixture.models.unload(key("a"))).isFalse();

      assertThat(model.closed()).isEqualTo(1);
      assertThat(other.closed()).isZero();
      assertThat(fixture.names()).containsExactly("b");
    }
  }

  @Test
  void clear_inUse_vanishesAtOnceAndClosesAfterTheLastLease() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> one = fixture.acquire("a", 10);
      Lease<Probe> two = fixture.acquire("a", 10);
      Probe former = one.model();

      assertThat(fixture.models.clear()).isEqualTo(1);
      assertThat(fixture.names()).isEmpty();
      assertThat(fixture.models.leases()).hasSize(2);
      try (Lease<Probe> anew = fixture.acquire("a", 10)) {
        assertThat(anew.model()).isNotSameAs(former);
        one.close();
        assertThat(former.closed()).isZero();
        assertThat(two.model()).isSameAs(former);
        two.close();
        two.close();
        assertThat(former.closed()).isEqualTo(1);
        assertThat(anew.model().closed()).isZero();
      }
    }
  }

  @Test
  void clear_duringALoad_whoWaitedGetsItAndItClosesAfterThem() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe former = new Probe();
      FutureTask<Lease<Probe>> before =
          async(() -> fixture.models.acquire(key("a"), slow(former), "before"));
      until(() -> fixture.models.stats().reservedBytes() == 10);

      assertThat(fixture.models.clear()).isEqualTo(1);
      Probe anew = fixture.loadIdle("a", 20);
      go.countDown();

      Lease<Probe> lease = get(before);
      assertThat(lease.model()).isSameAs(former).isNotSameAs(anew);
      assertThat(fixture.models.entries()).hasSize(1);
      assertThat(former.closed()).isZero();
      lease.close();
      assertThat(former.closed()).isEqualTo(1);
      assertThat(anew.closed()).isZero();
    }
  }

  @Test
  void clear_duringALoadNobodyWaitsFor_closesItWhenItCame() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe model = new Probe();
      fixture.models.preload(key("a"), slow(model), "start");
      until(() -> fixture.models.stats().reservedBytes() == 10);
      fixture.models.clear();
      go.countDown();

      until(() -> model.closed() == 1);
      until(() -> fixture.models.stats().usedBytes() == 0);
      assertThat(fixture.names()).isEmpty();
    }
  }

  @Test
  void unload_ofAPinned_isDoneAndThePinStays() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      fixture.models.pin(key("a"), "operator");
      Probe model = fixture.loadIdle("a", 10);

      assertThat(fixture.models.unload(key("a"))).isTrue();

      assertThat(model.closed()).isEqualTo(1);
      assertThat(fixture.models.pins()).hasSize(1);
    }
  }

  @Test
  void closing_throws_isToldAndCountsAsClosed() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      for (Throwable cause : List.of(new Exception("busy"), new LinkageError("native"))) {
        ModelLoader<Probe> tough =
            ModelLoader.of(
                10,
                () ->
                    new Loaded<>(
                        new Probe(),
                        10,
                        () -> {
                          if (cause instanceof Error error) {
                            throw error;
                          }
                          throw (Exception) cause;
                        }));
        fixture.models.acquire(key("tough"), tough, "me").close();
        Probe other = fixture.loadIdle("other", 10);

        fixture.models.clear();

        assertThat(fixture.told(ResidentEvent.CloseFailed.class))
            .contains(new ResidentEvent.CloseFailed(key("tough"), 10, cause));
        assertThat(other.closed()).isEqualTo(1);
        assertThat(fixture.models.stats().usedBytes()).isZero();
      }
    }
  }

  @Test
  void listener_throws_hindersNothing() {
    ResidentSettings settings = ResidentSettings.ofBudget(100);
    try (ResidentModels models =
        new ResidentModels(
            settings,
            java.time.InstantSource.system(),
            System::nanoTime,
            _ -> {
              throw new AssertionError("listener");
            })) {
      Probe model = new Probe();
      models.acquire(key("a"), loader(model, 10), "me").close();
      models.clear();

      assertThat(model.closed()).isEqualTo(1);
      assertThat(models.stats().usedBytes()).isZero();
    }
  }

  @Test
  void listenerAndModels_mayAsk_sinceNoLockIsHeld() throws Exception {
    var models = new java.util.concurrent.atomic.AtomicReference<ResidentModels>();
    ResidentListener asking =
        _ -> {
          try {
            // On another thread: under the lock it would wait for ever.
            ResidentStats _ = get(async(() -> models.get().stats()));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
    models.set(
        new ResidentModels(
            ResidentSettings.ofBudget(100),
            java.time.InstantSource.system(),
            System::nanoTime,
            asking));
    var asked = new java.util.concurrent.atomic.AtomicInteger();
    ModelLoader<Probe> curious =
        ModelLoader.of(
            10,
            () -> {
              ResidentStats _ = get(async(() -> models.get().stats()));
              return new Loaded<>(
                  new Probe(),
                  10,
                  () -> {
                    ResidentStats _ = get(async(() -> models.get().stats()));
                    asked.incrementAndGet();
                  });
            });

    models.get().acquire(key("a"), curious, "me").close();
    models.get().close();

    assertThat(asked).hasValue(1);
  }

  @Test
  void close_refusesNewOnesAndClosesAll() {
    Fixture fixture = Fixture.ofBudget(100);
    Probe model = fixture.loadIdle("a", 10);

    fixture.close();
    fixture.close();

    assertThat(model.closed()).isEqualTo(1);
    assertThatThrownBy(() -> fixture.acquire("a", 10))
        .isInstanceOfSatisfying(
            ResidentException.Closed.class, e -> assertThat(e.retryable()).isFalse());
    assertThat(fixture.told(ResidentEvent.LeftOpen.class)).isEmpty();
  }

  @Test
  void close_whileInUse_waitsAndTellsWhatItCouldNotClose() {
    Fixture fixture = Fixture.ofBudget(100);
    Lease<Probe> lease = fixture.models.acquire(key("a"), loader(10), "forgetful");
    Probe model = lease.model();

    fixture.close();

    assertThat(model.closed()).isZero();
    List<ResidentEvent.LeftOpen> left = fixture.told(ResidentEvent.LeftOpen.class);
    assertThat(left).hasSize(1);
    assertThat(left.getFirst().holdings()).extracting(Holding::owner).containsExactly("forgetful");
    lease.close();
    assertThat(model.closed()).isEqualTo(1);
  }

  @Test
  void close_leaseEndsInTime_closesItToo() throws Exception {
    Fixture fixture =
        new Fixture(ResidentSettings.ofBudget(100).withClosePatience(Duration.ofHours(1)));
    Lease<Probe> lease = fixture.acquire("a", 10);
    Probe model = lease.model();
    FutureTask<Boolean> closing =
        async(
            () -> {
              fixture.close();
              return true;
            });
    until(() -> fixture.names().isEmpty());
    assertThat(closing.isDone()).isFalse();

    lease.close();

    assertThat(get(closing)).isTrue();
    assertThat(model.closed()).isEqualTo(1);
    assertThat(fixture.told(ResidentEvent.LeftOpen.class)).isEmpty();
  }

  @Test
  void close_whileSomebodyWaitsForRoom_refusesHim() throws Exception {
    Fixture fixture = Fixture.ofBudget(100);
    Lease<Probe> held = fixture.acquire("held", 80);
    FutureTask<Lease<Probe>> waiting = async(() -> fixture.acquire("next", 50));
    until(() -> fixture.models.stats().queued() == 1);

    fixture.close();

    assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(ResidentException.Closed.class);
    held.close();
  }
}
