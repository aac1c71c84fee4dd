package dev.larder.http;

import dev.larder.content.Shares;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all requests together may hold whole in memory: bodies, and documents until they are out.
 * One address may have half of it. While somebody waits, clients that hardly take their answer lose
 * it. Says in the log, once a minute, how many were turned away.
 */
final class Memory {
  private static final Logger log = LoggerFactory.getLogger(Memory.class);
  private static final long SILENCE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_WAITING = 1_000;

  private final Shares bytes;
  private final Set<RequestMemory> sending = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

  Memory(long all) {
    bytes = new Shares(new Shares.Limits(all, all / 2, all / 2, MOST_WAITING));
  }

  /** Nothing yet, for a request from {@code peer}. */
  Shares.Share open(String peer) {
    return bytes.open(new Shares.Holder("", peer));
  }

  /** Its answer goes out now. */
  void sending(RequestMemory request) {
    sending.add(request);
  }

  void over(RequestMemory request) {
    sending.remove(request);
  }

  /** Somebody waits: of those who hardly take their answer one is cut. */
  void cutOne() {
    sending.stream()
        .filter(RequestMemory::tooSlow)
        .findAny()
        .ifPresent(
            slow -> {
              log.atInfo().log(
                  "A client that hardly takes its answer is cut, since others wait for the memory that it holds");
              slow.cut();
            });
  }

  /** How many requests wait for some. */
  int waiting() {
    return bytes.waiting();
  }

  void refused() {
    refused.incrementAndGet();
    long now = System.nanoTime();
    long until = silentUntil.get();
    if (now - until >= 0 && silentUntil.compareAndSet(until, now + SILENCE_NANOS)) {
      log.atWarn()
          .addKeyValue("refused", refused.getAndSet(0))
          .log("There is no memory for more large questions and answers; they get 503.");
    }
  }
}
