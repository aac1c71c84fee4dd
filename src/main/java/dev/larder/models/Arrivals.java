package dev.larder.models;

import dev.larder.resident.ModelKey;
import dev.larder.resident.ResidentEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Those who wait for the end of a load without using the model. Safe for concurrent use. */
final class Arrivals {
  private final Map<ModelKey<?>, Set<Waiter>> waiting = new ConcurrentHashMap<>();

  /** One who waits, from its making until it is closed. */
  final class Waiter implements AutoCloseable {
    private final ModelKey<?> key;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable cause;

    private Waiter(ModelKey<?> key) {
      this.key = key;
    }

    /** Whether a load ended within {@code most}. Throws why, when nothing came of it. */
    boolean await(Duration most) throws Throwable {
      if (!ended.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
      Throwable failure = cause;
      if (failure != null) {
        throw failure;
      }
      return true;
    }

    private void end(@Nullable Throwable failure) {
      cause = failure;
      ended.countDown();
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          key,
          (_, others) -> {
            others.remove(this);
            return others.isEmpty() ? null : others;
          });
    }
  }

  Waiter waiter(ModelKey<?> key) {
    Waiter waiter = new Waiter(key);
    waiting.compute(
        key,
        (_, others) -> {
          Set<Waiter> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(waiter);
          return all;
        });
    return waiter;
  }

  void happened(ResidentEvent event) {
    switch (event) {
      case ResidentEvent.Arrived arrived -> end(arrived.key(), null);
      case ResidentEvent.NotLoaded not -> end(not.key(), not.cause());
      default -> {}
    }
  }

  private void end(ModelKey<?> key, @Nullable Throwable failure) {
    waiting.getOrDefault(key, Set.of()).forEach(waiter -> waiter.end(failure));
  }
}
