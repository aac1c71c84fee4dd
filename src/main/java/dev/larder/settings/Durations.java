package dev.larder.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 60s}, {@code 10m}, {@code 12h}, {@code 7d}.
 */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d|w|mo|y)");

  /** Times are counted in milliseconds, from now on or back; of more there would be none. */
  private static final Duration LONGEST = Duration.ofDays(365 * 1000);

  private Durations() {}

  /**
   * Empty when {@code text} is no duration, or one of more than 1000 years. Only 0 needs no unit; a
   * month has 30 days.
   */
  public static Optional<Duration> parse(String text) {
    if (text.strip().equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    var match = FORM.matcher(text.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(match.group(1));
    Duration duration =
        switch (match.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          case "w" -> Duration.ofDays(7 * number);
          case "mo" -> Duration.ofDays(30 * number);
          default -> Duration.ofDays(365 * number);
        };
    return Optional.of(duration).filter(each -> each.compareTo(LONGEST) <= 0);
  }
}
