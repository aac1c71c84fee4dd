package dev.larder.resident;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A warm acquire and release of one key, beside a lookup in Caffeine, which holds no lease. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class WarmAcquireBenchmark {
  private static final ModelKey<Object> KEY = ModelKey.of("model", Object.class);
  private static final ModelLoader<Object> LOADER =
      ModelLoader.of(10, () -> new Loaded<>(new Object(), 10, () -> {}));

  private ResidentModels models;
  private Cache<ModelKey<Object>, Object> caffeine;

  @Setup
  public void load() {
    models =
        ResidentModels.open(
            ResidentSettings.ofBudget(100), InstantSource.system(), ResidentListener.NONE);
    models.acquire(KEY, LOADER, "setup").close();
    caffeine = Caffeine.newBuilder().maximumSize(100).build();
    caffeine.put(KEY, new Object());
  }

  @TearDown
  public void close() {
    models.close();
  }

  private Object resident() {
    try (Lease<Object> lease = models.acquire(KEY, LOADER, "benchmark")) {
      return lease.model();
    }
  }

  private Object caffeine() {
    return caffeine.get(KEY, _ -> new Object());
  }

  @Benchmark
  @Threads(1)
  public Object resident1() {
    return resident();
  }

  @Benchmark
  @Threads(2)
  public Object resident2() {
    return resident();
  }

  @Benchmark
  @Threads(8)
  public Object resident8() {
    return resident();
  }

  @Benchmark
  @Threads(1)
  public Object caffeine1() {
    return caffeine();
  }

  @Benchmark
  @Threads(2)
  public Object caffeine2() {
    return caffeine();
  }

  @Benchmark
  @Threads(8)
  public Object caffeine8() {
    return caffeine();
  }
}
