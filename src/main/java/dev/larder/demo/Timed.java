package dev.larder.demo;

import java.time.Duration;
import java.util.function.Supplier;

/** What some work gave, and how long it took. */
record Timed<T>(T value, Duration took) {
  static <T> Timed<T> of(Supplier<T> work) {
    long start = System.nanoTime();
    T value = work.get();
    return new Timed<>(value, Duration.ofNanos(System.nanoTime() - start));
  }
}
