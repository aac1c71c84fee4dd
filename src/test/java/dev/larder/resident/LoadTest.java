package dev.larder.resident;

import static dev.larder.resident.Fixture.async;
import static dev.larder.resident.Fixture.get;
import static dev.larder.resident.Fixture.key;
import static dev.larder.resident.Fixture.loader;
import static dev.larder.resident.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One load for all who wait, however it ends. */
class LoadTest {
  private final CountDownLatch go = new CountDownLatch(1);

  private ModelLoader<Probe> slow(long bytes) {
    return ModelLoader.of(
        bytes,
        () -> {
          go.await();
          return Loaded.of(new Probe(), bytes);
        });
  }

  @Test
  void acquire_by64OfAColdKey_loadsOnce() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      AtomicInteger loads = new AtomicInteger();
      ModelLoader<Probe> counted =
          ModelLoader.of(
              10,
              () -> {
                loads.incrementAndGet();
                go.await();
                return Loaded.of(new Probe(), 10);
              });
      List<FutureTask<Lease<Probe>>> callers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String owner = "caller " + i;
        callers.add(async(() -> fixture.models.acquire(key("a"), counted, owner)));
      }
      until(() -> fixture.models.stats().waiting() == 64);
      go.countDown();

      Set<Probe> models = new HashSet<>();
      for (FutureTask<Lease<Probe>> caller : callers) {
        Lease<Probe> lease = get(caller);
        models.add(lease.model());
        lease.close();
      }

      assertThat(loads).hasValue(1);
      assertThat(models).hasSize(1);
      assertThat(fixture.models.stats().misses()).isEqualTo(64);
      assertThat(fixture.models.entries().getFirst().accesses()).isEqualTo(64);
    }
  }

  @Test
  void load_fails_reachesAllWaitersAndIsTriedAnew() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      for (Throwable cause :
          List.of(new java.io.IOException("torn"), new NoClassDefFoundError("natives"))) {
        CountDownLatch ready = new CountDownLatch(1);
        ModelLoader<Probe> failing =
            ModelLoader.of(
                10,
                () -> {
                  ready.await();
                  if (cause instanceof Error error) {
                    throw error;
                  }
                  throw (Exception) cause;
                });
        List<FutureTask<Lease<Probe>>> callers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          callers.add(async(() -> fixture.models.acquire(key("a"), failing, "me")));
        }
        until(() -> fixture.models.stats().waiting() == 5);
        ready.countDown();

        Set<Throwable> errors = new HashSet<>();
        for (FutureTask<Lease<Probe>> caller : callers) {
          Throwable error =
              catchThrowableOfType(ExecutionException.class, () -> get(caller)).getCause();
          assertThat(error)
              .isInstanceOf(ResidentException.LoadFailed.class)
              .hasCause(cause)
              .hasMessageContaining("a");
          errors.add(error);
        }
        assertThat(errors).as("each has an exception of his own").hasSize(5);
        assertThat(fixture.models.stats().reservedBytes()).isZero();
        assertThat(fixture.models.stats().usedBytes()).isZero();
      }
      assertThat(fixture.loadIdle("a", 10)).isNotNull();
      until(() -> fixture.told(ResidentEvent.NotLoaded.class).size() == 2);
      assertThat(fixture.models.stats().failures()).isEqualTo(2);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // What a careless loader does.
  void load_answersNull_isAFailure() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      assertThatThrownBy(
              () -> fixture.models.acquire(key("a"), ModelLoader.of(10, () -> null), "me"))
          .isInstanceOf(ResidentException.LoadFailed.class)
          .hasMessageContaining("null");
      assertThat(fixture.models.stats().reservedBytes()).isZero();
    }
  }

  @Test
  void estimate_negative_isAFailureBeforeTheLoad() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      assertThatThrownBy(() -> fixture.models.acquire(key("a"), loader(-1), "me"))
          .isInstanceOf(ResidentException.LoadFailed.class)
          .hasMessageContaining("-1 bytes");
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void load_ofAnotherType_isAFailureAndCloses() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      AtomicInteger closed = new AtomicInteger();
      ModelLoader wrong = ModelLoader.of(1, () -> new Loaded<>("text", 1, closed::incrementAndGet));

      assertThatThrownBy(() -> fixture.models.acquire((ModelKey<Probe>) key("a"), wrong, "me"))
          .isInstanceOf(ResidentException.LoadFailed.class)
          .hasRootCauseInstanceOf(ClassCastException.class);
      assertThat(closed).hasValue(1);
      assertThat(fixture.models.stats().usedBytes()).isZero();
    }
  }

  @Test
  void acquire_patienceOver_isRefusedAndTheLoadGoesOn() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      FutureTask<Lease<Probe>> hasty =
          async(() -> fixture.models.acquire(key("a"), slow(10), "hasty", Duration.ofSeconds(5)));
      until(() -> fixture.models.stats().reservedBytes() == 10);
      FutureTask<Lease<Probe>> patient =
          async(() -> fixture.models.acquire(key("a"), slow(10), "patient"));
      until(() -> fixture.models.stats().waiting() == 2);
      fixture.pass(Duration.ofSeconds(5));
      fixture.models.sweep();

      assertThatThrownBy(() -> get(hasty))
          .hasCauseInstanceOf(ResidentException.StillLoading.class)
          .hasMessageContaining("goes on");
      go.countDown();
      try (Lease<Probe> lease = get(patient)) {
        assertThat(lease.model().closed()).isZero();
      }
    }
  }

  @Test
  void acquire_interrupted_endsThatCallerAlone() throws Exception {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      AtomicInteger flagged = new AtomicInteger();
      FutureTask<Lease<Probe>> cut =
          new FutureTask<>(
              () -> {
                try {
                  return fixture.models.acquire(key("a"), slow(10), "cut");
                } finally {
                  flagged.set(Thread.currentThread().isInterrupted() ? 1 : 0);
                }
              });
      Thread thread = Thread.ofVirtual().start(cut);
      FutureTask<Lease<Probe>> other =
          async(() -> fixture.models.acquire(key("a"), slow(10), "other"));
      until(() -> fixture.models.stats().waiting() == 2);
      thread.interrupt();

      assertThatThrownBy(() -> get(cut)).hasCauseInstanceOf(ResidentException.Interrupted.class);
      assertThat(flagged).hasValue(1);
      go.countDown();
      get(other).close();
      assertThat(fixture.models.stats().loads()).isEqualTo(1);
    }
  }

  @Test
  void load_hanging_holdsUpNoOtherKey() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      assertThatThrownBy(() -> fixture.models.acquire(key("a"), slow(10), "hasty", Duration.ZERO))
          .isInstanceOf(ResidentException.StillLoading.class);

      assertThat(fixture.loadIdle("b", 10)).isNotNull();

      go.countDown();
      until(() -> fixture.names().size() == 2);
      assertThat(fixture.models.stats().reservedBytes()).isZero();
    }
  }

  @Test
  void unload_whileItsLoadHangs_loadsAnew() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      assertThatThrownBy(() -> fixture.models.acquire(key("a"), slow(10), "hasty", Duration.ZERO))
          .isInstanceOf(ResidentException.StillLoading.class);
      assertThat(fixture.models.unload(key("a"))).isTrue();

      Probe anew = fixture.loadIdle("a", 20);
      go.countDown();
      until(() -> fixture.models.stats().usedBytes() == 20);

      try (Lease<Probe> lease = fixture.acquire("a", 20)) {
        assertThat(lease.model()).isSameAs(anew);
      }
    }
  }

  @Test
  void acquire_tooManyCallers_isRefused() {
    ResidentSettings settings = ResidentSettings.ofBudget(100).withLimits(4, 2);
    try (Fixture fixture = new Fixture(settings.withClosePatience(Duration.ZERO))) {
      FutureTask<Lease<Probe>> one = async(() -> fixture.models.acquire(key("a"), slow(1), "1"));
      FutureTask<Lease<Probe>> two = async(() -> fixture.models.acquire(key("b"), slow(1), "2"));
      until(() -> fixture.models.stats().waiting() == 2);

      assertThatThrownBy(() -> fixture.models.acquire(key("a"), slow(1), "3"))
          .isInstanceOf(ResidentException.QueueFull.class);

      go.countDown();
      until(() -> one.isDone() && two.isDone());
    }
  }
}
