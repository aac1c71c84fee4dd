package dev.larder.transfer;

import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How far a flight has come, and its lock: the parts of one flight share this one, and wait on its
 * one condition. Nothing is read, written or sent under it. What is asked here takes the lock
 * itself, unless it says otherwise.
 */
final class Course {
  /** What has become of the flight. */
  enum Phase {
    FETCHING,
    VERIFIED,
    PUBLISHED,
    FAILED
  }

  private final FlightOrder order;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Phase phase = Phase.FETCHING;
  private boolean stopped;
  private @Nullable RuntimeException failure;
  private @Nullable Digest published;
  private @Nullable RuntimeException publishTrouble;

  /** Whether something changed that is announced at {@link #dueNanos} if not before. */
  private boolean owing;

  private long dueNanos;

  Course(FlightOrder order) {
    this.order = order;
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  boolean locked() {
    return lock.isHeldByCurrentThread();
  }

  /** With the lock held. */
  void await() throws InterruptedException {
    long _ = awaitNanos(Long.MAX_VALUE);
  }

  /**
   * With the lock held: what is left of {@code nanos} after a change, zero or less for none. Who
   * waits while an announcement is owed makes it when it is due, so nobody else has to keep time.
   */
  long awaitNanos(long nanos) throws InterruptedException {
    long begun = System.nanoTime();
    long left = nanos;
    try {
      do {
        long _ = changed.awaitNanos(owing ? Math.min(left, dueNanos - System.nanoTime()) : left);
        left = nanos - (System.nanoTime() - begun);
      } while (owing && left > 0 && dueNanos - System.nanoTime() > 0);
      return left;
    } finally {
      if (owing) {
        announce(); // Also when it leaves early: it may be the only one that knows.
      }
    }
  }

  /**
   * Wakes whoever waits {@code within} nanoseconds, unless {@link #announce} does before. Wakes one
   * of them now, to keep the time. With the lock held.
   */
  void announceWithin(long within) {
    if (!owing) {
      owing = true;
      dueNanos = System.nanoTime() + within;
      changed.signal();
    }
  }

  /** Wakes whoever waits. With the lock held. */
  void announce() {
    owing = false;
    changed.signalAll();
  }

  Phase phase() {
    lock.lock();
    try {
      return phase;
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held: whether more is to be fetched and hashed. */
  boolean underWay() {
    return phase == Phase.FETCHING && !stopped;
  }

  /** With the lock held: whether the bytes are known to be what was announced. */
  boolean sound() {
    return phase == Phase.VERIFIED || phase == Phase.PUBLISHED;
  }

  /** With the lock held. */
  boolean stopped() {
    return stopped;
  }

  /** With the lock held: why the flight failed. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  /** With the lock held: why what was published could not be written down. */
  @Nullable RuntimeException publishTrouble() {
    return publishTrouble;
  }

  /** Whether nobody can board any more. */
  boolean over() {
    lock.lock();
    try {
      return stopped || phase == Phase.PUBLISHED || phase == Phase.FAILED;
    } finally {
      lock.unlock();
    }
  }

  /** The blob, once it is in the store. */
  Optional<Digest> published() {
    lock.lock();
    try {
      return Optional.ofNullable(published);
    } finally {
      lock.unlock();
    }
  }

  /** All has landed and is what was announced: nothing is held back any more. */
  void verified() {
    lock.lock();
    try {
      if (phase != Phase.FETCHING) {
        throw failure == null ? stoppedError() : failure;
      }
      phase = Phase.VERIFIED;
      announce();
    } finally {
      lock.unlock();
    }
  }

  /** The blob is in the store; readers may still come until {@link #ended}. */
  void committed(Digest digest) {
    lock.lock();
    try {
      published = digest;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whoever wanted to know of the blob was told. {@code trouble} is why it could not be: the bytes
   * are sound and given on, but who waits for publishing hears of it.
   */
  void ended(@Nullable RuntimeException trouble) {
    lock.lock();
    try {
      publishTrouble = trouble;
      phase = Phase.PUBLISHED;
      announce();
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. Only the first reason counts, and none does once the blob is stored. */
  boolean failed(RuntimeException why) {
    if (failure != null || published != null) {
      return false;
    }
    failure = why;
    phase = Phase.FAILED;
    return true;
  }

  /** With the lock held: nothing more is fetched. */
  void stop() {
    stopped = true;
    announce();
  }

  TransferException stoppedError() {
    return new TransferException.Interrupted(
        "The download of " + order.key() + " was stopped; what has landed is kept.");
  }

  /** For who is interrupted while it waits here. */
  TransferException interrupted() {
    Thread.currentThread().interrupt();
    return new TransferException.Interrupted("Waiting for " + order.key() + " was interrupted.");
  }

  /** What readers are told of {@code why}. */
  RuntimeException broken(Throwable why) {
    return broken(order, why);
  }

  /** The same for an order that may be without a flight. */
  static RuntimeException broken(FlightOrder order, Throwable why) {
    return why instanceof LarderException known
        ? known
        : new TransferException.Broken(
            "The download of %s broke off by a fault inside Larder (%s); try again, and report it if it comes back."
                .formatted(order.content().description(), why.getClass().getSimpleName()),
            why);
  }
}
