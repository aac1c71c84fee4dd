package dev.larder.cli;

import dev.larder.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Times as people write and read them; none at all is a dash. */
final class Ages {
  private Ages() {}

  /** Throws {@link UsageException} for what is none. */
  static Duration parse(String text) {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new UsageException(
                    "'%s' is not a duration; write it like 12h, 30d or 1y.".formatted(text)));
  }

  /** How long ago something was. */
  static String ago(Optional<Instant> time, Instant now) {
    return time.map(t -> ago(Duration.between(t, now))).orElse("–");
  }

  private static String ago(Duration age) {
    if (age.toSeconds() < 60) {
      return age.toSeconds() < 1 ? "just now" : counted(age.toSeconds(), "second");
    }
    if (age.toHours() < 1) {
      return counted(age.toMinutes(), "minute");
    }
    return age.toDays() < 1 ? counted(age.toHours(), "hour") : counted(age.toDays(), "day");
  }

  private static String counted(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s") + " ago";
  }

  /** In UTC. */
  static String day(Optional<Instant> time) {
    return time.map(t -> t.atZone(ZoneOffset.UTC).toLocalDate().toString()).orElse("–");
  }
}
