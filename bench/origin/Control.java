import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How fast and how reliably the origin sends, and what it has sent. Changed by {@code /_/set}. */
final class Control {
  private static final double NANOS = 1e9;

  /** Body bytes and requests of one object. */
  static final class Count {
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong gets = new AtomicLong();
    final AtomicLong heads = new AtomicLong();
    volatile boolean cut;
    volatile long cutFrom;
  }

  private final Map<String, Count> counts = new ConcurrentHashMap<>();
  private volatile long perConnection;
  private volatile long total;
  private volatile String cutAtHalf = "";
  private long totalDue;

  Count count(String object) {
    return counts.computeIfAbsent(object, _ -> new Count());
  }

  synchronized void set(Map<String, String> values) {
    perConnection = Long.parseLong(values.getOrDefault("connection", "0"));
    total = Long.parseLong(values.getOrDefault("total", "0"));
    cutAtHalf = values.getOrDefault("cut", "");
    totalDue = System.nanoTime();
    if (!cutAtHalf.isEmpty()) {
      Count count = count(cutAtHalf);
      count.cutFrom = count.bytes.get();
      count.cut = false;
    }
  }

  /** As much as may be sent in one go, so that pace and cut are kept. */
  long step() {
    long rate = perConnection > 0 ? perConnection : total;
    return rate == 0 ? 4 << 20 : Math.max(16 << 10, rate / 200);
  }

  /** Waits until {@code sent} bytes since {@code start}, and {@code step} of them now, are due. */
  void pace(long start, long sent, long step) {
    if (perConnection > 0) {
      until(start + (long) (sent * NANOS / perConnection));
    } else if (total > 0) {
      until(reserve(step));
    }
  }

  /** True once half of the object that is to be cut has been sent, for each body then on its way. */
  boolean cuts(String object, long size, Count count, boolean startedBefore) {
    if (!object.equals(cutAtHalf) || !startedBefore) {
      return false;
    }
    if (count.bytes.get() - count.cutFrom >= size / 2) {
      count.cut = true;
    }
    return count.cut;
  }

  String stats() {
    StringBuilder json = new StringBuilder("{");
    counts.forEach(
        (name, count) ->
            json.append(json.length() > 1 ? "," : "")
                .append(
                    "\"%s\":{\"bytes\":%d,\"gets\":%d,\"heads\":%d}"
                        .formatted(name, count.bytes.get(), count.gets.get(), count.heads.get())));
    return json.append('}').toString();
  }

  private synchronized long reserve(long bytes) {
    totalDue = Math.max(totalDue, System.nanoTime()) + (long) (bytes * NANOS / total);
    return totalDue;
  }

  private static void until(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
