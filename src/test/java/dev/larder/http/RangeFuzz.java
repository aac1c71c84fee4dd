package dev.larder.http;

import dev.larder.content.ByteRange;
import dev.larder.content.RangeRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code Range}: never outside of the file, and the same when it is written and read again. */
public final class RangeFuzz {
  private static final long[] SIZES = {0, 1, 10, 1L << 40, Long.MAX_VALUE};

  private RangeFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    RangeRequest range = RangeHeader.parse(new String(input, StandardCharsets.ISO_8859_1));
    for (long size : SIZES) {
      Optional<ByteRange> part = range.in(size);
      if (part.isPresent() && (part.get().start() < 0 || part.get().end() > size)) {
        throw new IllegalStateException(part + " is outside of " + size);
      }
    }
    if (!RangeHeader.parse(written(range)).equals(range)) {
      throw new IllegalStateException(range + " is not " + written(range));
    }
  }

  private static String written(RangeRequest range) {
    return switch (range) {
      case RangeRequest.Whole _ -> "";
      case RangeRequest.From(long start) -> "bytes=" + start + "-";
      case RangeRequest.Closed(long start, long end) ->
          "bytes=" + start + "-" + (end == Long.MAX_VALUE ? end : end - 1);
      case RangeRequest.Suffix(long length) -> "bytes=-" + length;
    };
  }
}
