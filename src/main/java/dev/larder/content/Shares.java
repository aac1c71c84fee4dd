package dev.larder.content;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Something that there is only so much of, divided so that nobody can take all of it: so much for
 * one holder, so much for all holders at one address, and the rest for others. Who has to wait is
 * served in turn, except that one who waits for its own share holds nobody up. Safe for concurrent
 * use.
 */
public final class Shares {
  private static final Duration LOOK_AROUND = Duration.ofMillis(200);

  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Holdings held;
  private final Map<String, Integer> waitingAt = new HashMap<>();
  private final Deque<Waiter> waiters = new ArrayDeque<>();

  /**
   * {@code all} there is; what one holder and one address may have; how many may wait for one
   * holder. A lone take of a holder may be more than its share, else much could never be had.
   */
  public record Limits(long all, long ofHolder, long ofAddress, int waiting) {
    /** A quarter for each holder, three quarters for each address. */
    public static Limits of(long all, int waiting) {
      return new Limits(all, Math.max(1, all / 4), Math.max(1, all / 4 * 3), waiting);
    }
  }

  /** Who takes: {@code name} at {@code address}. */
  public record Holder(String name, String address) {
    String key() {
      return address + " " + name;
    }
  }

  private static final class Waiter {
    private final Share share;
    private final long amount;
    private final Condition changed;
    private boolean granted;

    Waiter(Share share, long amount, Condition changed) {
      this.share = share;
      this.amount = amount;
      this.changed = changed;
    }

    boolean waits() {
      return !granted && !share.givenUp;
    }
  }

  public Shares(Limits limits) {
    this.limits = limits;
    this.held = new Holdings(limits);
  }

  /** Nothing yet; {@link Share#grow} takes. */
  public Share open(Holder holder) {
    return new Share(holder);
  }

  /** Waits at most {@code patience}; empty when it was not to be had by then. */
  public Optional<Share> take(Holder holder, long amount, Duration patience) {
    return take(holder, amount, patience, () -> {});
  }

  /** The same; {@code meanwhile} runs now and then while it waits. */
  public Optional<Share> take(Holder holder, long amount, Duration patience, Runnable meanwhile) {
    Share share = open(holder);
    return share.grow(amount, patience, meanwhile) ? Optional.of(share) : Optional.empty();
  }

  /** How many wait. */
  public int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether all there is has been taken. */
  public boolean exhausted() {
    lock.lock();
    try {
      return held.exhausted();
    } finally {
      lock.unlock();
    }
  }

  /** What one holder has of it. Close it: then others can have it. */
  public final class Share implements AutoCloseable {
    private final Holder holder;
    private long amount;
    private boolean closed;
    private boolean givenUp;

    private Share(Holder holder) {
      this.holder = holder;
    }

    /** Takes more, if nobody waits and that can be had at once. For an event loop. */
    public boolean tryGrow(long more) {
      lock.lock();
      try {
        return !closed && waiters.isEmpty() && fits(this, more) && grant(this, more);
      } finally {
        lock.unlock();
      }
    }

    /** Takes more; false when it was not to be had within {@code patience}. */
    public boolean grow(long more, Duration patience) {
      return grow(more, patience, () -> {});
    }

    /** Gives back what is more than {@code left}. */
    public void shrink(long left) {
      lock.lock();
      try {
        if (!closed && amount > left) {
          give(this, amount - left);
          serve();
        }
      } finally {
        lock.unlock();
      }
    }

    /** The same as without it; {@code meanwhile} runs now and then while it waits. */
    public boolean grow(long more, Duration patience, Runnable meanwhile) {
      lock.lock();
      try {
        if (closed || givenUp) {
          return false;
        }
        Waiter waiter = new Waiter(this, more, lock.newCondition());
        waiters.add(waiter);
        serve();
        if (waiter.granted || waitingAt.getOrDefault(holder.key(), 0) >= limits.waiting()) {
          waiters.remove(waiter);
          return waiter.granted;
        }
        waitingAt.merge(holder.key(), 1, Integer::sum);
        await(waiter, patience, meanwhile);
        return waiter.granted && !givenBackMeanwhile();
      } finally {
        lock.unlock();
      }
    }

    /** Nobody waits for more of it from now on; what it has it keeps until it is closed. */
    public void giveUp() {
      lock.lock();
      try {
        givenUp = true;
        waiters.stream()
            .filter(waiter -> waiter.share == this)
            .forEach(waiter -> waiter.changed.signal());
      } finally {
        lock.unlock();
      }
    }

    private boolean givenBackMeanwhile() {
      if (closed) {
        give(this, amount);
        serve();
      }
      return closed;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          give(this, amount);
          serve();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void await(Waiter waiter, Duration patience, Runnable meanwhile) {
    long until = System.nanoTime() + patience.toNanos();
    try {
      for (long left = patience.toNanos(); left > 0 && waiter.waits(); ) {
        lock.unlock(); // Not under it: this may want to know what is taken, or give it back.
        try {
          meanwhile.run();
        } finally {
          lock.lock();
        }
        if (waiter.waits()) {
          long _ = waiter.changed.awaitNanos(Math.min(left, LOOK_AROUND.toNanos()));
        }
        left = until - System.nanoTime();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // Whoever is told to stop waits no longer.
    } finally {
      waitingAt.computeIfPresent(waiter.share.holder.key(), (_, n) -> n == 1 ? null : n - 1);
      if (!waiter.granted) {
        waiters.remove(waiter);
        serve();
      }
    }
  }

  /** Gives to those who wait, in turn. */
  private void serve() {
    boolean behind = false;
    for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
      Waiter waiter = all.next();
      boolean own = held.withinOwn(waiter.share.holder, waiter.share.amount, waiter.amount);
      if (own && !behind && fits(waiter.share, waiter.amount)) {
        waiter.granted = grant(waiter.share, waiter.amount);
        all.remove();
        waiter.changed.signal();
      } else if (own) {
        behind = true; // It waits for what others have: nobody goes before it.
      }
    }
  }

  private boolean fits(Share share, long more) {
    return held.fits(share.holder, share.amount, more);
  }

  private boolean grant(Share share, long more) {
    held.add(share.holder, more);
    share.amount += more;
    return true;
  }

  private void give(Share share, long back) {
    held.subtract(share.holder, back);
    share.amount -= back;
  }
}
