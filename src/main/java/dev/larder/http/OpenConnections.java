package dev.larder.http;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections are open, of how many allowed. */
final class OpenConnections {
  private final AtomicInteger open = new AtomicInteger();
  private final int most;

  OpenConnections(int most) {
    this.most = most;
  }

  /** Whether one more may stay; then {@link #leave} follows. */
  boolean enter() {
    if (open.incrementAndGet() <= most) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  void leave() {
    open.decrementAndGet();
  }

  int now() {
    return open.get();
  }
}
