package dev.larder.transfer;

/**
 * Decides how much one request asks for. Large requests keep a connection busy; small ones keep
 * what lands near the front, where readers and the hasher wait: of {@code n} requests side by side
 * only the first moves it. So one asks for about half a second's worth at the pace that its
 * upstream has shown, and for less near the end, so that all end together. Guarded by the flight's
 * lock.
 */
final class Pace {
  private static final double SECONDS = 0.5;
  private static final double NEWEST = 0.5;

  private final TransferSettings settings;
  private final long largest;
  private double bytesPerSecond;

  Pace(TransferSettings settings, long sizeBytes) {
    this.settings = settings;
    this.largest = settings.segmentBytes(sizeBytes);
  }

  /** One connection has brought {@code bytes} in {@code nanos}, from asking to the last of them. */
  void fetched(long bytes, long nanos) {
    if (bytes < TransferSettings.SMALLEST_SEGMENT / 2 || nanos <= 0) {
      return; // Too little to tell it from the time an answer takes.
    }
    double now = bytes * 1e9 / nanos;
    bytesPerSecond = bytesPerSecond == 0 ? now : NEWEST * now + (1 - NEWEST) * bytesPerSecond;
  }

  /** Bytes for the next request, when so many are asked for by nobody yet. */
  long requestBytes(long unclaimedBytes) {
    long share = unclaimedBytes / (2L * settings.connections());
    long worth = (long) (bytesPerSecond * SECONDS);
    return Math.clamp(Math.min(share, worth), TransferSettings.SMALLEST_SEGMENT, largest);
  }
}
