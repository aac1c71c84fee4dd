package dev.larder.upstream;

import dev.larder.content.Retry;
import dev.larder.upstream.UpstreamException.UpstreamBusy;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** How long a busy upstream wants to be left alone. */
public final class RetryAfter {
  static final Duration LONGEST_TOLD = Duration.ofSeconds(10);
  static final Duration UNSAID = Duration.ofSeconds(1);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private RetryAfter() {}

  /**
   * From {@code Retry-After}, in seconds or as a date, or from the hub's {@code RateLimit} with
   * nothing remaining; empty when it says neither.
   */
  static Optional<Duration> of(Fields fields, InstantSource clock) {
    return RateLimitHeader.of(fields)
        .exhausted()
        .or(() -> fields.find("Retry-After").flatMap(value -> parse(value.strip(), clock)));
  }

  private static Optional<Duration> parse(String value, InstantSource clock) {
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration delay = Duration.between(clock.instant(), then);
      return Optional.of(delay.isNegative() ? Duration.ZERO : delay);
    } catch (DateTimeException _) {
      return Optional.empty(); // Neither form of RFC 9110 §10.2.3: as if it were not there.
    }
  }

  /**
   * A busy answer as a failure. Its delay is as the upstream said it; {@link Duration#ZERO} when it
   * said nothing, for {@link Retrying} to fill in.
   */
  public static UpstreamBusy busy(String what, WireResponse response, InstantSource clock) {
    return new UpstreamBusy(
        "Tried to get %s from %s, but it answered %d. It is overloaded or limits how often it is asked."
            .formatted(what, response.origin(), response.status()),
        response.status(),
        of(response.fields(), clock).orElse(Duration.ZERO));
  }

  /** For those outside: never longer than {@link #LONGEST_TOLD}, never nothing. */
  public static UpstreamBusy told(UpstreamBusy busy) {
    Duration said = delay(busy);
    Duration told = said.isZero() ? UNSAID : said.compareTo(LONGEST_TOLD) > 0 ? LONGEST_TOLD : said;
    return new UpstreamBusy(busy.explanation(), busy.status(), told, busy.left());
  }

  static Duration delay(UpstreamBusy busy) {
    return switch (busy.retry()) {
      case Retry.After(Duration delay) -> delay;
      case Retry.Now _, Retry.Never _ -> Duration.ZERO;
    };
  }
}
