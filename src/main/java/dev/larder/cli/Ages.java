package dev.larder.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long ago something was, for people. */
final class Ages {
  private Ages() {}

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
}
