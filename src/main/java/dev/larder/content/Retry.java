package dev.larder.content;

import java.time.Duration;

/** Whether trying the same thing again can help. */
public sealed interface Retry {
  /** The same request will fail the same way until somebody changes something. */
  record Never() implements Retry {}

  /** May succeed at once. */
  record Now() implements Retry {}

  /** May succeed after {@code delay}. */
  record After(Duration delay) implements Retry {}

  static Retry never() {
    return new Never();
  }

  static Retry now() {
    return new Now();
  }

  static Retry after(Duration delay) {
    return new After(delay);
  }
}
