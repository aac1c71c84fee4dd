package dev.larder.resident;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A load under way, and who waits for it. Guarded by the house's lock. */
final class Loading<M> {
  private final ModelKey<M> key;
  private final ModelLoader<M> loader;
  private final String owner;
  private final long askedNanos;

  /** Till then it waits for room also for nobody: somebody wanted it beforehand. */
  private final long stayNanos;

  private final Condition settled;
  private final Condition turn;
  private final List<Caller<M>> callers = new ArrayList<>();
  private boolean detached;
  private boolean queued;
  private boolean reserved;
  private long estimateBytes;

  Loading(
      ModelKey<M> key,
      ModelLoader<M> loader,
      String owner,
      long askedNanos,
      long stayNanos,
      ReentrantLock lock) {
    this.key = key;
    this.loader = loader;
    this.owner = owner;
    this.askedNanos = askedNanos;
    this.stayNanos = stayNanos;
    this.settled = lock.newCondition();
    this.turn = lock.newCondition();
  }

  Caller<M> join(String who) {
    Caller<M> caller = new Caller<>(who);
    callers.add(caller);
    return caller;
  }

  /** He waits no more. */
  void leave(Caller<M> caller) {
    callers.remove(caller);
    turn.signal();
  }

  /** Whether nobody wants it any more. */
  boolean abandoned(long now) {
    return callers.isEmpty() && now - stayNanos >= 0;
  }

  /** How long it waits for nobody, until somebody looks again. */
  long stayLeft(long now) {
    return callers.isEmpty() ? stayNanos - now : Times.FOR_EVER;
  }

  /** Nobody new gets what it brings. */
  void detach() {
    detached = true;
  }

  boolean detached() {
    return detached;
  }

  void queued(boolean now) {
    queued = now;
  }

  /** Whether it waits for room. */
  boolean queued() {
    return queued;
  }

  void reserved(boolean now) {
    reserved = now;
  }

  /** Whether its estimate is reserved, so that it has begun. */
  boolean reserved() {
    return reserved;
  }

  void estimate(long bytes) {
    estimateBytes = bytes;
  }

  long estimateBytes() {
    return estimateBytes;
  }

  ModelKey<M> key() {
    return key;
  }

  ModelLoader<M> loader() {
    return loader;
  }

  /** Who asked first. */
  String owner() {
    return owner;
  }

  long askedNanos() {
    return askedNanos;
  }

  List<Caller<M>> callers() {
    return callers;
  }

  /** Signalled when its callers have what they get. */
  Condition settled() {
    return settled;
  }

  /** Signalled when it should look again whether there is room. */
  Condition turn() {
    return turn;
  }
}
