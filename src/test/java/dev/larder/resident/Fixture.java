package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Models on a clock that stands still, and what happened to them. */
final class Fixture implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final AtomicLong nanos = new AtomicLong(1_000);
  final Queue<ResidentEvent> events = new ConcurrentLinkedQueue<>();
  final ResidentModels models;

  Fixture(ResidentSettings settings) {
    this(settings, Crew.THREADS);
  }

  Fixture(ResidentSettings settings, Crew crew) {
    Times times = new Times(() -> START.plusNanos(nanos.get()), nanos::get);
    models = new ResidentModels(settings, times, events::add, crew);
  }

  static Fixture ofBudget(long bytes) {
    return new Fixture(ResidentSettings.ofBudget(bytes).withClosePatience(Duration.ZERO));
  }

  static ModelKey<Probe> key(String name) {
    return ModelKey.of(name, Probe.class);
  }

  /** Loads a model that takes what was estimated. */
  static ModelLoader<Probe> loader(long bytes) {
    return ModelLoader.of(bytes, () -> Loaded.of(new Probe(), bytes));
  }

  static ModelLoader<Probe> loader(Probe probe, long bytes) {
    return ModelLoader.of(bytes, () -> Loaded.of(probe, bytes));
  }

  static ModelLoader<Probe> noLoader() {
    return ModelLoader.of(
        1,
        () -> {
          throw new AssertionError("nothing should be loaded");
        });
  }

  Lease<Probe> acquire(String name, long bytes) {
    return models.acquire(key(name), loader(bytes), "owner of " + name);
  }

  /** Loads it and gives it back. */
  Probe loadIdle(String name, long bytes) {
    try (Lease<Probe> lease = acquire(name, bytes)) {
      return lease.model();
    }
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  List<String> names() {
    return models.entries().stream().map(each -> each.key().name()).sorted().toList();
  }

  <E extends ResidentEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static <T> FutureTask<T> async(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread _ = Thread.ofVirtual().start(task);
    return task;
  }

  static <T> T get(FutureTask<T> task) throws ExecutionException, InterruptedException {
    try {
      return task.get(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("still not done", e);
    }
  }

  /** What somebody else is about to do. */
  static void until(BooleanSupplier there) {
    long begun = System.nanoTime();
    while (!there.getAsBoolean()) {
      assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
      Thread.yield();
    }
  }

  @Override
  public void close() {
    models.close();
  }
}
