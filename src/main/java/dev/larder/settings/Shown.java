package dev.larder.settings;

import java.util.regex.Pattern;

/** What was set, as it may be printed: without passwords, whether or not it can be used. */
final class Shown {
  /** Up to the last {@code @}: a password may hold any character. */
  private static final Pattern USER = Pattern.compile("//.*@");

  private static final Pattern QUERY = Pattern.compile("(://[^?]*\\?).+");

  private Shown() {}

  static String text(Setting setting, String text) {
    if (setting.secret()) {
      return text.isEmpty() ? "" : "***";
    }
    return QUERY.matcher(USER.matcher(text).replaceAll("//***@")).replaceAll("$1***");
  }
}
