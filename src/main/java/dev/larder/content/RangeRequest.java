package dev.larder.content;

import java.util.Optional;

/** Which part of a file somebody asked for, before its size is known. */
public sealed interface RangeRequest {
  /** All of it. */
  record Whole() implements RangeRequest {}

  /**
   * {@code bytes=a-}: from {@code start} to the end. An open range: it completes only when the
   * whole file is verified.
   */
  record From(long start) implements RangeRequest {}

  /** {@code bytes=a-b}: {@code [start, end)}, cut at the end of the file. */
  record Closed(long start, long end) implements RangeRequest {}

  /** {@code bytes=-n}: the last {@code length} bytes. */
  record Suffix(long length) implements RangeRequest {}

  Whole WHOLE = new Whole();

  /**
   * The bytes meant for a file of {@code sizeBytes}; empty when the range cannot be satisfied
   * (416).
   */
  default Optional<ByteRange> in(long sizeBytes) {
    return switch (this) {
      case Whole _ -> Optional.of(ByteRange.whole(sizeBytes));
      case From(long start) ->
          start < sizeBytes ? Optional.of(new ByteRange(start, sizeBytes)) : Optional.empty();
      case Closed(long start, long end) ->
          start < sizeBytes
              ? Optional.of(new ByteRange(start, Math.min(end, sizeBytes)))
              : Optional.empty();
      case Suffix(long length) ->
          length > 0 && sizeBytes > 0
              ? Optional.of(new ByteRange(Math.max(0, sizeBytes - length), sizeBytes))
              : Optional.empty();
    };
  }

  /** Whether the answer may only complete once the whole file is verified. */
  default boolean endsTheFile() {
    return this instanceof Whole || this instanceof From;
  }
}
