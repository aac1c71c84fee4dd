package dev.larder.models;

import dev.larder.resident.ModelKey;
import dev.larder.resident.ResidentEvent;
import dev.larder.resident.ResidentListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Lines about models in memory. A hit costs no line of its own: those of one model within a second
 * are one line, and those that are left when it closes another. Safe for concurrent use.
 */
final class ModelLog implements ResidentListener {
  private static final Logger LOG = LoggerFactory.getLogger(ModelLog.class);
  private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanos;
  private final Map<ModelKey<?>, Hits> hits = new ConcurrentHashMap<>();

  /** {@code nanos}: as {@link System#nanoTime}. */
  ModelLog(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Of one model, since the last line about them. */
  private record Hits(LongAdder count, AtomicLong saidAt) {}

  long now() {
    return nanos.getAsLong();
  }

  /** Somebody who asked at {@code begun} has the model. */
  void acquired(ModelKey<?> key, boolean hit, long begun) {
    long now = now();
    if (hit) {
      hit(key, now - begun, now);
    } else {
      line(LOG.atInfo(), "memory.miss", key)
          .addKeyValue("took_ms", millis(now - begun))
          .log("memory miss");
    }
  }

  private void hit(ModelKey<?> key, long took, long now) {
    Hits of = hits.get(key);
    if (of == null) {
      of =
          hits.computeIfAbsent(
              key, _ -> new Hits(new LongAdder(), new AtomicLong(now - BETWEEN_NANOS)));
    }
    of.count().increment();
    long said = of.saidAt().get();
    if (now - said >= BETWEEN_NANOS && of.saidAt().compareAndSet(said, now)) {
      line(LOG.atInfo(), "memory.hit", key)
          .addKeyValue("hits", of.count().sumThenReset())
          .addKeyValue("took_ms", millis(took))
          .log("memory hit");
    }
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }

  @Override
  public void happened(ResidentEvent event) {
    switch (event) {
      case ResidentEvent.Missed missed ->
          line(LOG.atDebug(), missed.joined() ? "model.awaited" : "model.wanted", missed.key())
              .addKeyValue("owner", missed.owner())
              .log("a model is not in memory");
      case ResidentEvent.Arrived arrived ->
          line(LOG.atInfo(), "model.loaded", arrived.key())
              .addKeyValue("took_ms", arrived.loadTime().toMillis())
              .addKeyValue("bytes", arrived.bytes())
              .addKeyValue("estimate_bytes", arrived.estimateBytes())
              .log("model loaded");
      case ResidentEvent.NotLoaded not ->
          line(LOG.atInfo(), "model.not_loaded", not.key())
              .addKeyValue("reason", String.valueOf(not.cause().getMessage()))
              .log("model not loaded");
      case ResidentEvent.Evicted evicted ->
          line(LOG.atInfo(), "model.evicted", evicted.key())
              .addKeyValue("bytes", evicted.bytes())
              .addKeyValue("reason", evicted.reason())
              .log("model evicted from memory");
      case ResidentEvent.Unloaded unloaded ->
          line(LOG.atInfo(), "model.unloaded", unloaded.key())
              .addKeyValue("bytes", unloaded.bytes())
              .addKeyValue("in_use_by", unloaded.leases())
              .log("model unloaded");
      case ResidentEvent.Closed closed ->
          line(LOG.atDebug(), "model.closed", closed.key())
              .addKeyValue("bytes", closed.bytes())
              .log("model closed");
      case ResidentEvent.CloseFailed failed ->
          line(LOG.atWarn(), "model.close_failed", failed.key())
              .addKeyValue("bytes", failed.bytes())
              .setCause(failed.cause())
              .log("a model did not close well");
      case ResidentEvent.LeftOpen left ->
          line(LOG.atWarn(), "model.left_open", left.key())
              .addKeyValue("holders", left.holdings())
              .log("a model is still in use at the end");
    }
    if (event instanceof ResidentEvent.Closed) {
      hitsLeft(event.key());
    }
  }

  /** Those since the last line about them: there will be no other. */
  private void hitsLeft(ModelKey<?> key) {
    Hits of = hits.remove(key);
    long left = of == null ? 0 : of.count().sum();
    if (left > 0) {
      line(LOG.atInfo(), "memory.hit", key).addKeyValue("hits", left).log("memory hit");
    }
  }

  private static LoggingEventBuilder line(LoggingEventBuilder line, String event, ModelKey<?> key) {
    return line.addKeyValue("event", event).addKeyValue("key", key);
  }
}
