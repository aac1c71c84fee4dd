package dev.larder.http;

import dev.larder.content.RangeRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Range}. RFC 9110 §14.2: a server may ignore the header; it does for units it does
 * not know, for what is malformed and for more than one range, and then the whole is sent.
 */
final class RangeHeader {
  private static final String UNIT = "bytes=";

  private RangeHeader() {}

  static RangeRequest parse(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return RangeRequest.WHOLE;
    }
    String spec = header.substring(UNIT.length()).strip();
    int dash = spec.indexOf('-');
    if (dash < 0 || spec.indexOf(',') >= 0) {
      return RangeRequest.WHOLE;
    }
    String first = spec.substring(0, dash);
    String last = spec.substring(dash + 1);
    if (!digits(first) || !digits(last) || (first.isEmpty() && last.isEmpty())) {
      return RangeRequest.WHOLE;
    }
    if (first.isEmpty()) {
      return new RangeRequest.Suffix(number(last));
    }
    return last.isEmpty() ? new RangeRequest.From(number(first)) : closed(first, last);
  }

  private static RangeRequest closed(String first, String last) {
    long start = number(first);
    long end = number(last);
    // RFC 9110 §14.1.1: a last position before the first makes the range invalid, so it is ignored.
    if (end < start) {
      return RangeRequest.WHOLE;
    }
    return new RangeRequest.Closed(start, end == Long.MAX_VALUE ? end : end + 1);
  }

  private static boolean digits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** A number too large for a file is as good as the largest one. */
  private static long number(String digits) {
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return Long.MAX_VALUE;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
