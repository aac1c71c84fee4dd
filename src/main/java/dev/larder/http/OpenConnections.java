package dev.larder.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections are open, of how many allowed. A few more may come as guests: who asks
 * whether the server lives is answered, everybody else learns that it is full.
 */
final class OpenConnections {
  static final int GUESTS = 64;

  /** What a new connection gets. */
  enum Place {
    ORDINARY,
    GUEST,
    NONE
  }

  /** Of so many connections, one may have a head that is large. */
  private static final int PER_LARGE_HEAD = 8;

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger largeHeads = new AtomicInteger();
  private final int most;

  OpenConnections(int most) {
    this.most = most;
  }

  /** Unless there is no place, {@link #leave} follows. */
  Place enter() {
    int now = open.incrementAndGet();
    if (now <= most) {
      return Place.ORDINARY;
    }
    if (now <= most + GUESTS) {
      return Place.GUEST;
    }
    open.decrementAndGet();
    return Place.NONE;
  }

  /**
   * Whether one more may hold a head larger than most are; then {@link #leaveLargeHead} follows. If
   * all could, whoever sends heads that never end would have the memory that everybody needs.
   */
  boolean enterLargeHead() {
    if (largeHeads.incrementAndGet() <= Math.max(1, most / PER_LARGE_HEAD)) {
      return true;
    }
    largeHeads.decrementAndGet();
    return false;
  }

  void leaveLargeHead() {
    largeHeads.decrementAndGet();
  }

  /** How many hold one now. */
  int largeHeads() {
    return largeHeads.get();
  }

  void leave() {
    open.decrementAndGet();
  }

  int now() {
    return open.get();
  }
}
