package dev.larder.doctor;

import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import java.time.Duration;

/** Numbers as sentences have them. */
final class Words {
  private Words() {}

  /** {@code 3 days}, {@code 5 hours}, {@code 12 minutes}. */
  static String duration(Duration duration) {
    if (duration.toDays() > 1) {
      return duration.toDays() + " days";
    }
    return duration.toHours() > 1
        ? duration.toHours() + " hours"
        : Math.max(1, duration.toMinutes()) + " minutes";
  }

  /** The name that decided, and where: {@code HF_HUB_CACHE (.env line 3)}. */
  static String setting(Settings settings, Setting setting) {
    String place = settings.place(setting);
    int comma = place.indexOf(", ");
    return comma < 0
        ? "%s (%s)".formatted(setting.variable(), place)
        : "%s (%s)".formatted(place.substring(0, comma), place.substring(comma + 2));
  }

  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  static String files(long number) {
    return count(number, "file", "files");
  }
}
