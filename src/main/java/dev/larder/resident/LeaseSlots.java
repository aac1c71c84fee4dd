package dev.larder.resident;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The open leases of one model: lines of slots, each line for some of the threads, so that threads
 * seldom touch the same memory. Who finds no free slot in his line goes into a common set. Every
 * step is sequentially consistent: of one who takes a slot and then reads the model's state, and
 * one who sets the state and then looks at the slots, at least one sees the other.
 */
final class LeaseSlots {
  static final int LINE = 16;
  private static final int LINE_BITS = 6;
  private static final int OVERFLOW = -1;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final AtomicReferenceArray<@Nullable OpenLease<?>> slots =
      new AtomicReferenceArray<>(LINE << LINE_BITS);
  private final Set<OpenLease<?>> overflow = ConcurrentHashMap.newKeySet();

  /** Answers the slot, which the lease must keep. */
  int take(OpenLease<?> lease) {
    // Neighbouring thread ids come far apart: no two of a few threads in one line.
    int first = (int) (Thread.currentThread().threadId() * GOLDEN >>> -LINE_BITS) * LINE;
    for (int slot = first; slot < first + LINE; slot++) {
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, lease)) {
        return slot;
      }
    }
    overflow.add(lease);
    return OVERFLOW;
  }

  /** False when the lease was given back before. */
  boolean giveBack(OpenLease<?> lease, int slot) {
    return slot == OVERFLOW ? overflow.remove(lease) : slots.compareAndSet(slot, lease, null);
  }

  boolean has(OpenLease<?> lease, int slot) {
    return slot == OVERFLOW ? overflow.contains(lease) : slots.get(slot) == lease;
  }

  boolean empty() {
    for (int slot = 0; slot < slots.length(); slot++) {
      if (slots.get(slot) != null) {
        return false;
      }
    }
    // Not isEmpty(): it adds up counters, which can miss one that is there while others come and
    // go.
    return !overflow.iterator().hasNext();
  }

  List<OpenLease<?>> open() {
    List<OpenLease<?>> open = new ArrayList<>(overflow);
    for (int slot = 0; slot < slots.length(); slot++) {
      OpenLease<?> lease = slots.get(slot);
      if (lease != null) {
        open.add(lease);
      }
    }
    return open;
  }
}
