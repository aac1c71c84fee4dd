package dev.larder.app;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What a crowd has done so far. */
final class CrowdCounts {
  private final Map<String, LongAdder> done = new ConcurrentSkipListMap<>();
  private final LongAdder connections = new LongAdder();
  private final LongAdder comparedBytes = new LongAdder();

  void connected() {
    connections.increment();
  }

  void done(String kind) {
    done.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  void compared(int bytes) {
    comparedBytes.add(bytes);
  }

  long comparedBytes() {
    return comparedBytes.sum();
  }

  @Override
  public String toString() {
    return "%d connections, %.1f MiB compared, %s"
        .formatted(connections.sum(), comparedBytes.sum() / (double) (1 << 20), done);
  }
}
