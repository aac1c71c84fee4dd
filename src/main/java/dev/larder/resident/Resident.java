package dev.larder.resident;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A model in memory. The warm path is here: a lease is a slot taken while the model is live.
 *
 * <p>The state changes under the house's lock alone. Whoever wants the model gone first makes it
 * not live and then looks at the slots; whoever wants a lease first takes a slot and then reads the
 * state. So either the lease is seen, or the one who wanted it sees that he came too late, gives
 * the slot back and asks under the lock.
 */
final class Resident<M> {
  /** FROZEN lasts only while somebody with the lock looks at the slots. */
  enum State {
    LIVE,
    FROZEN,
    DRAINING,
    CLOSED
  }

  /** The last use is noted no more exactly than this, so that threads seldom write it. */
  private static final long TOUCH_NANOS = 1_000_000;

  private final House house;
  private final ModelKey<M> key;
  private final Loaded<M> loaded;
  private final Instant created;
  private final long createdNanos;
  private final long loadNanos;
  private final LeaseSlots slots = new LeaseSlots();
  private final LongAdder hits = new LongAdder();
  private volatile State state = State.LIVE;
  private volatile long usedNanos;

  /** Leases that were waited for while it was loaded. Guarded by the house's lock. */
  private long granted;

  Resident(House house, ModelKey<M> key, Loaded<M> loaded, long loadNanos) {
    this.house = house;
    this.key = key;
    this.loaded = loaded;
    this.loadNanos = loadNanos;
    this.createdNanos = house.times().now();
    this.created = house.times().clock().instant();
    this.usedNanos = createdNanos;
  }

  /** A lease of what is here; null when it is no longer live, or not for a moment. */
  @Nullable OpenLease<M> tryLease(String owner) {
    OpenLease<M> lease = take(owner, true);
    if (state != State.LIVE) {
      slots.giveBack(lease, lease.slot());
      house.settle(this);
      return null;
    }
    touch(lease.takenNanos());
    hits.increment();
    return lease;
  }

  /** A lease for somebody who waited for it, whatever the state. With the lock held. */
  OpenLease<M> grant(String owner) {
    granted++;
    return take(owner, false);
  }

  private OpenLease<M> take(String owner, boolean hit) {
    OpenLease<M> lease = new OpenLease<>(this, owner, house.times().now(), hit);
    lease.slot(slots.take(lease));
    return lease;
  }

  void giveBack(OpenLease<M> lease) {
    if (!has(lease)) {
      return;
    }
    touch(house.times().now());
    if (slots.giveBack(lease, lease.slot()) && (state != State.LIVE || house.pressed())) {
      house.settle(this);
    }
  }

  boolean has(OpenLease<?> lease) {
    return slots.has(lease, lease.slot());
  }

  private void touch(long now) {
    if (now - usedNanos > TOUCH_NANOS) {
      usedNanos = now;
    }
  }

  /**
   * Whether nobody has a lease; it is frozen then, and else live as before. Of a live one, with the
   * lock held.
   */
  boolean freezeIfIdle() {
    state = State.FROZEN;
    if (slots.empty()) {
      return true;
    }
    state = State.LIVE;
    return false;
  }

  /** With the lock held. */
  void become(State next) {
    state = next;
  }

  State state() {
    return state;
  }

  boolean idle() {
    return slots.empty();
  }

  List<OpenLease<?>> leases() {
    return slots.open();
  }

  House house() {
    return house;
  }

  ModelKey<M> key() {
    return key;
  }

  M model() {
    return loaded.model();
  }

  long bytes() {
    return loaded.bytes();
  }

  AutoCloseable closing() {
    return loaded.closing();
  }

  Instant created() {
    return created;
  }

  long createdNanos() {
    return createdNanos;
  }

  long loadNanos() {
    return loadNanos;
  }

  long usedNanos() {
    return usedNanos;
  }

  /** Exact once it is closed: who counts here has a slot. */
  long hits() {
    return hits.sum();
  }

  /** With the lock held. */
  long accesses() {
    return granted + hits();
  }
}
