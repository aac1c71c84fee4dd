package dev.larder.resident;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Loads that wait for room, first come first served: only the head is given any, so that a large
 * one is not passed by small ones for ever. Guarded by the house's lock.
 */
final class RoomQueue {
  private final Deque<Loading<?>> waiting = new ArrayDeque<>();
  private final int limit;

  RoomQueue(int limit) {
    this.limit = limit;
  }

  /** False when it is full. */
  boolean enter(Loading<?> loading) {
    if (waiting.size() >= limit) {
      return false;
    }
    waiting.add(loading);
    loading.queued(true);
    return true;
  }

  void leave(Loading<?> loading) {
    waiting.remove(loading);
    loading.queued(false);
    wakeHead();
  }

  boolean isHead(Loading<?> loading) {
    return waiting.peekFirst() == loading;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void wakeHead() {
    Loading<?> head = waiting.peekFirst();
    if (head != null) {
      head.turn().signal();
    }
  }

  /** All have to look: nobody gets room any more, or their time is over. */
  void wakeAll() {
    waiting.forEach(each -> each.turn().signal());
  }

  int size() {
    return waiting.size();
  }
}
