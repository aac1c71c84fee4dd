package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 64 threads that use, hold, unload and clear at random, with a budget for half of the models.
 * Claims that each model is closed once and never in use, and that the account is right in the end;
 * not that every order of steps was met.
 */
class ResidentStormTest {
  private static final int THREADS = 64;
  private static final int ROUNDS = 500;
  private static final int KEYS = 8;

  private final Queue<Probe> made = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void storm_ofAllThatCanHappen_closesEachModelOnceAndNoneInUse(long seed) throws Exception {
    ResidentSettings settings =
        ResidentSettings.ofBudget(500)
            .withKeepAlive(Duration.ZERO)
            .withPatience(Duration.ofMillis(3))
            .withClosePatience(Duration.ofSeconds(20));
    ResidentModels models =
        new ResidentModels(
            settings, InstantSource.system(), System::nanoTime, ResidentListener.NONE);
    List<FutureTask<Integer>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed * 1_000 + i);
      FutureTask<Integer> task = new FutureTask<>(() -> storm(models, random));
      Thread _ = Thread.ofPlatform().daemon().start(task);
      threads.add(task);
    }

    int served = 0;
    for (FutureTask<Integer> thread : threads) {
      served += thread.get(60, TimeUnit.SECONDS);
    }
    models.close();

    assertThat(served).isGreaterThan(THREADS * ROUNDS / 10);
    assertThat(made).isNotEmpty().allMatch(each -> each.closed() == 1 && !each.torn());
    ResidentStats stats = models.stats();
    assertThat(stats.usedBytes()).isZero();
    assertThat(stats.reservedBytes()).isZero();
    assertThat(models.leases()).isEmpty();
    assertThat(stats.loads()).isEqualTo(made.size());
  }

  private int storm(ResidentModels models, Random random) {
    int served = 0;
    for (int round = 0; round < ROUNDS; round++) {
      ModelKey<Probe> key = Fixture.key("m" + random.nextInt(KEYS));
      switch (random.nextInt(200)) {
        case 0 -> models.clear();
        case 1, 2 -> models.unload(key);
        case 3 -> models.sweep();
        case 4 -> models.pin(key, "storm");
        case 5, 6 -> models.unpin(key, "storm");
        default -> served += use(models, key, random);
      }
    }
    return served;
  }

  /** Also in the middle of another use, and more often than a thread has slots. */
  private int use(ResidentModels models, ModelKey<Probe> key, Random random) {
    try (Lease<Probe> lease = models.acquire(key, loader(random), "storm")) {
      Probe model = lease.model();
      model.use();
      if (random.nextInt(8) == 0) {
        Thread.yield();
      }
      int more = random.nextInt(50) == 0 ? use(models, key, random) : 0;
      model.use();
      assertThat(model.closed()).isZero();
      return 1 + more;
    } catch (ResidentException e) {
      assertThat(e.retryable()).isTrue();
      return 0;
    }
  }

  private ModelLoader<Probe> loader(Random random) {
    long bytes = 60 + random.nextInt(60);
    return ModelLoader.of(
        bytes,
        () -> {
          Probe probe = new Probe();
          made.add(probe);
          return Loaded.of(probe, bytes + (bytes % 7) - 3);
        });
  }
}
