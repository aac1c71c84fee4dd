package dev.larder.app;

import dev.larder.access.Access;
import dev.larder.mirror.Traffic;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down who came and what they took, every few seconds and at the end. */
final class TrafficFlush implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrafficFlush.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Traffic traffic;
  private final Access access;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("traffic-flush").factory());

  private TrafficFlush(Traffic traffic, Access access) {
    this.traffic = traffic;
    this.access = access;
  }

  static TrafficFlush begin(Traffic traffic, Access access) {
    TrafficFlush flush = new TrafficFlush(traffic, access);
    flush.timer.scheduleWithFixedDelay(
        flush::flush, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return flush;
  }

  private void flush() {
    try {
      flushAll();
    } catch (RuntimeException e) {
      LOG.atWarn()
          .log("counters could not be written and wait for the next time: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    flushAll();
  }

  private void flushAll() {
    traffic.flush();
    access.flush();
  }
}
