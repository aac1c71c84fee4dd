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

/**
 * Lines about models in memory. A hit costs no line of its own: those of one model within a second
 * are one line. Safe for concurrent use.
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
      LOG.atInfo()
          .addKeyValue("model", key)
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
      LOG.atInfo()
          .addKeyValue("model", key)
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
      case ResidentEvent.Missed(ModelKey<?> key, String owner, boolean joined) ->
          LOG.atDebug()
              .addKeyValue("model", key)
              .addKeyValue("owner", owner)
              .log(joined ? "waits for a load under way" : "a load begins");
      case ResidentEvent.Arrived(ModelKey<?> key, long estimate, long bytes, Duration took) ->
          LOG.atInfo()
              .addKeyValue("model", key)
              .addKeyValue("took_ms", took.toMillis())
              .addKeyValue("bytes", bytes)
              .addKeyValue("estimate_bytes", estimate)
              .log("model loaded");
      case ResidentEvent.NotLoaded(ModelKey<?> key, Throwable cause) ->
          LOG.atInfo()
              .addKeyValue("model", key)
              .addKeyValue("reason", String.valueOf(cause.getMessage()))
              .log("model not loaded");
      case ResidentEvent.Evicted(ModelKey<?> key, long bytes, ResidentEvent.Reason reason) ->
          LOG.atInfo()
              .addKeyValue("model", key)
              .addKeyValue("bytes", bytes)
              .addKeyValue("reason", reason)
              .log("model evicted from memory");
      case ResidentEvent.Unloaded(ModelKey<?> key, long bytes, int leases) ->
          LOG.atInfo()
              .addKeyValue("model", key)
              .addKeyValue("bytes", bytes)
              .addKeyValue("in_use_by", leases)
              .log("model unloaded");
      case ResidentEvent.Closed(ModelKey<?> key, long bytes) -> {
        hits.remove(key);
        LOG.atDebug().addKeyValue("model", key).addKeyValue("bytes", bytes).log("model closed");
      }
      case ResidentEvent.CloseFailed(ModelKey<?> key, long bytes, Throwable cause) ->
          LOG.atWarn()
              .addKeyValue("model", key)
              .addKeyValue("bytes", bytes)
              .setCause(cause)
              .log("a model did not close well");
      case ResidentEvent.LeftOpen left ->
          LOG.atWarn()
              .addKeyValue("model", left.key())
              .addKeyValue("holders", left.holdings())
              .log("a model is still in use at the end");
    }
  }
}
