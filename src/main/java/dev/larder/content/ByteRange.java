package dev.larder.content;

/**
 * Bytes {@code [start, end)} of a file. Never empty, except for the whole of an empty file: {@code
 * [0, 0)}.
 */
public record ByteRange(long start, long end) {
  public ByteRange {
    if (start < 0 || end < start || (start == end && start != 0)) {
      throw new IllegalArgumentException("no range: [" + start + ", " + end + ")");
    }
  }

  public static ByteRange whole(long sizeBytes) {
    return new ByteRange(0, sizeBytes);
  }

  public long length() {
    return end - start;
  }

  /** As HTTP writes it, last byte included. RFC 9110 §14.4. */
  public String contentRange(long sizeBytes) {
    return "bytes " + start + "-" + (end - 1) + "/" + sizeBytes;
  }
}
