package dev.larder.http;

import io.netty.util.AsciiString;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} of answers, formatted once a second. RFC 9110 §5.6.7. */
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private volatile Second last;

  HttpDate(InstantSource clock) {
    this.clock = clock;
    last = at(clock.millis() / 1000);
  }

  private record Second(long second, AsciiString text) {}

  AsciiString now() {
    long second = clock.millis() / 1000;
    Second known = last;
    if (known.second == second) {
      return known.text;
    }
    Second fresh = at(second);
    last = fresh;
    return fresh.text;
  }

  private static Second at(long second) {
    return new Second(
        second, AsciiString.cached(FORMAT.format(java.time.Instant.ofEpochSecond(second))));
  }
}
