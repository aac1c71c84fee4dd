package dev.larder.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many requests have a thread of their own, of how many allowed. What is answered from memory
 * has none and is not counted. Says in the log, once a minute, how many were turned away.
 */
final class RequestsInFlight {
  private static final Logger log = LoggerFactory.getLogger(RequestsInFlight.class);
  private static final long SILENCE_NANOS = Duration.ofMinutes(1).toNanos();

  /** For health and the store's API, beyond what all others may take. */
  static final int FOR_VITAL = 16;

  private final int most;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

  RequestsInFlight(int most) {
    this.most = most;
  }

  /** What one request takes of the room, until it is left. Safe from any thread. */
  final class Seat {
    private final AtomicBoolean left = new AtomicBoolean();

    private Seat() {}

    /** Any number of times. */
    void leave() {
      if (left.compareAndSet(false, true)) {
        running.decrementAndGet();
      }
    }
  }

  /** For one more request; null when there is no room. */
  @Nullable Seat enter(boolean vital) {
    if (running.incrementAndGet() <= (vital ? most + FOR_VITAL : most)) {
      return new Seat();
    }
    running.decrementAndGet();
    return null;
  }

  /** For one that waits for nothing new. */
  Seat enterAnyway() {
    running.incrementAndGet();
    return new Seat();
  }

  /** What a request gets that is turned away. */
  HttpException.Overloaded overloaded() {
    refused.incrementAndGet();
    long now = System.nanoTime();
    long until = silentUntil.get();
    if (now - until >= 0 && silentUntil.compareAndSet(until, now + SILENCE_NANOS)) {
      log.atWarn()
          .addKeyValue("refused", refused.getAndSet(0))
          .addKeyValue("running", running.get())
          .log("There is no room for more requests; they get 503.");
    }
    return new HttpException.Overloaded();
  }
}
