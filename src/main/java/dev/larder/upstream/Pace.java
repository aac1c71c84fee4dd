package dev.larder.upstream;

import dev.larder.upstream.WireSettings.MinimumRate;

/**
 * Whether a body still comes fast enough. Counts only the time spent waiting for the peer, so that
 * a slow reader on our side is not held against it. For one thread.
 */
final class Pace {
  private final MinimumRate minimum;
  private long waitedNanos;
  private long bytes;

  Pace(MinimumRate minimum) {
    this.minimum = minimum;
  }

  /** Notes one read; false when the window is over and brought too little. */
  boolean holds(long nanos, int got) {
    waitedNanos += nanos;
    bytes += got;
    if (waitedNanos < minimum.window().toNanos()) {
      return true;
    }
    boolean enough = bytes >= minimum.bytesPerSecond() * (waitedNanos / 1e9);
    waitedNanos = 0;
    bytes = 0;
    return enough;
  }
}
