package dev.larder.transfer;

import java.time.Duration;

/**
 * How flights fetch. {@code connections}: parallel ranges for one object; {@code allConnections}:
 * requests for bytes at once, all flights together. {@code patience}: without a KiB for so long, a
 * flight fails. {@code firstDelay}: the pause before the second try of a range; it doubles up to
 * {@code longestDelay}.
 */
public record TransferSettings(
    int connections,
    int allConnections,
    Duration patience,
    Duration firstDelay,
    Duration longestDelay) {
  public static final TransferSettings DEFAULTS =
      new TransferSettings(
          8, 64, Duration.ofSeconds(20), Duration.ofMillis(250), Duration.ofSeconds(8));

  /** Files up to this size are fetched whole in one request. */
  static final long ONE_REQUEST_BYTES = 8 << 20;

  /**
   * Of a whole file, this much stays back until its hash matched. Little: while a slow upstream
   * brings it, clients hear nothing, and they wait 10 s for a byte.
   */
  static final long HOLD_BACK_BYTES = 4 << 10;

  /**
   * A file up to this size is given out when it is here and right, if that is {@link
   * #SMALL_FILE_WAIT soon}: till then a failure can be told, and another try is not noticed.
   */
  static final long SMALL_FILE_BYTES = 1 << 20;

  static final Duration SMALL_FILE_WAIT = Duration.ofSeconds(2);

  private static final long LARGEST_BACKLOG = 64 << 20;

  /** The grid on which requests end. */
  static final long SMALLEST_SEGMENT = 4 << 20;

  private static final long LARGEST_SEGMENT = 64 << 20;

  public TransferSettings {
    if (connections < 1 || allConnections < 1) {
      throw new IllegalArgumentException("at least one connection is needed");
    }
  }

  public TransferSettings withConnections(int count) {
    return new TransferSettings(count, allConnections, patience, firstDelay, longestDelay);
  }

  public TransferSettings withPatience(Duration most) {
    return new TransferSettings(connections, allConnections, most, firstDelay, longestDelay);
  }

  public TransferSettings withAllConnections(int count) {
    return new TransferSettings(connections, count, patience, firstDelay, longestDelay);
  }

  /**
   * Bytes one request asks for at most: about four requests a connection, so that a slow one holds
   * up little. See {@link Pace}.
   */
  long segmentBytes(long sizeBytes) {
    long share = sizeBytes / (4L * connections);
    long rounded = (share + SMALLEST_SEGMENT - 1) / SMALLEST_SEGMENT * SMALLEST_SEGMENT;
    return Math.clamp(rounded, SMALLEST_SEGMENT, LARGEST_SEGMENT);
  }

  /**
   * Bytes that may wait to be hashed before fetching pauses. Never less than a round of segments:
   * when the first of them ends, those behind it have all but landed too.
   */
  long backlogBytes(long sizeBytes) {
    return Math.max(LARGEST_BACKLOG, connections * segmentBytes(sizeBytes));
  }
}
