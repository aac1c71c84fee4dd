package dev.larder.content;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: decimal units are powers of 1000 ({@code 5GB}), binary ones of 1024
 * ({@code 4GiB}).
 */
public final class Sizes {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15})(?:\\.(\\d{1,3}))?\\s*([kKmMgGtT]?i?[bB]?)");

  private Sizes() {}

  /** Bytes meant by {@code text}; a bare number is bytes. Throws {@link InvalidName}. */
  public static long parse(String text) {
    var match = SIZE.matcher(text.strip());
    if (!match.matches()) {
      throw new InvalidName("size", text, "write it like 500MB, 5GB or 4GiB");
    }
    String fraction = match.group(2) == null ? "" : match.group(2);
    double value = Double.parseDouble(match.group(1) + (fraction.isEmpty() ? "" : "." + fraction));
    double bytes = value * unit(match.group(3));
    if (bytes > Long.MAX_VALUE / 2d) {
      throw new InvalidName("size", text, "it is too large");
    }
    return Math.round(bytes);
  }

  private static double unit(String suffix) {
    String unit = suffix.toLowerCase(Locale.ROOT);
    int base = unit.contains("i") ? 1024 : 1000;
    int power = unit.isEmpty() ? 0 : "bkmgt".indexOf(unit.charAt(0));
    return Math.pow(base, power);
  }

  /**
   * {@code 1.5 GB}, {@code 23.0 MB}, {@code 711.7 kB}, {@code 12 B}: three significant places,
   * decimal units.
   */
  public static String format(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int power = 0;
    while (value >= 999.95 && power < 4) {
      value /= 1000;
      power++;
    }
    return String.format(
        Locale.ROOT, "%.1f %s", value, new String[] {"B", "kB", "MB", "GB", "TB"}[power]);
  }
}
