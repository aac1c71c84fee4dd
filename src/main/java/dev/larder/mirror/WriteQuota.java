package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.access.Principal;
import dev.larder.transfer.FlightOrder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much each caller had stored anew today, in UTC: downloads count from when they begin, for
 * whoever begins them, and no more when they end without having been stored. Kept in memory, so a
 * restart forgets it. Safe for concurrent use.
 */
final class WriteQuota {
  private static final int MOST_CALLERS = 10_000;

  private final long mostBytes;
  private final InstantSource clock;
  private final Cache<OneDay, AtomicLong> taken =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofDays(1)).maximumSize(MOST_CALLERS).build();

  private record OneDay(long day, String who) {}

  /** {@code mostBytes}: {@link Long#MAX_VALUE} is no limit. */
  WriteQuota(long mostBytes, InstantSource clock) {
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  /** What the flights of one order count, of which none has begun yet. */
  Charge charge(Caller caller, FlightOrder order) {
    if (mostBytes == Long.MAX_VALUE || !caller.shares() || order.insists()) {
      return new Charge(new AtomicLong(), 0, mostBytes);
    }
    long day = clock.instant().toEpochMilli() / Duration.ofDays(1).toMillis();
    AtomicLong count = taken.get(new OneDay(day, name(caller)), _ -> new AtomicLong());
    return new Charge(count, order.sizeBytes(), mostBytes);
  }

  /** One size, taken once for each flight that is under way or was stored. */
  static final class Charge implements FlightOrder.Meter {
    private final AtomicLong count;
    private final long sizeBytes;
    private final long mostBytes;
    private boolean ahead;

    private Charge(AtomicLong count, long sizeBytes, long mostBytes) {
      this.count = count;
      this.sizeBytes = sizeBytes;
      this.mostBytes = mostBytes;
    }

    /** For a flight that is about to begin. False, and nothing taken, when it is too much. */
    synchronized boolean takeAhead() {
      long after = count.addAndGet(sizeBytes);
      ahead = after <= mostBytes;
      if (!ahead) {
        count.addAndGet(-sizeBytes);
      }
      return ahead;
    }

    synchronized void giveBackUnlessBegun() {
      if (ahead) {
        ahead = false;
        count.addAndGet(-sizeBytes);
      }
    }

    /** One that was not taken for ahead begins in the stead of one that failed, and counts too. */
    @Override
    public synchronized void begun() {
      if (!ahead) {
        count.addAndGet(sizeBytes);
      }
      ahead = false;
    }

    @Override
    public void inVain() {
      count.addAndGet(-sizeBytes);
    }
  }

  /** Whoever shows a token is the same from everywhere. */
  private static String name(Caller caller) {
    return caller.principal().equals(Principal.ANONYMOUS) ? caller.peer() : caller.scope();
  }
}
