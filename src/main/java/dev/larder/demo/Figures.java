package dev.larder.demo;

import dev.larder.content.Sizes;
import java.time.Duration;
import java.util.Locale;

/** One run, measured: how long it took, what crossed the upstream link, what was delivered. */
record Figures(Duration took, long upstreamBytes, long deliveredBytes) {
  private static final double NANOS = 1e9;

  double seconds() {
    return took.toNanos() / NANOS;
  }

  /** {@code 2.913 s}. */
  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f s", time.toNanos() / NANOS);
  }

  /** The table that ends the demo. */
  static String table(Figures first, Figures cached) {
    StringBuilder text = new StringBuilder();
    row(text, "", "seconds", "from upstream", "delivered");
    row(text, "first run", cells(first));
    row(text, "cached run", cells(cached));
    row(
        text,
        "ratio",
        times(first.seconds(), cached.seconds()),
        times(first.upstreamBytes, cached.upstreamBytes),
        times(first.deliveredBytes, cached.deliveredBytes));
    return text.toString();
  }

  private static String[] cells(Figures run) {
    return new String[] {
      String.format(Locale.ROOT, "%.3f", run.seconds()),
      Sizes.format(run.upstreamBytes),
      Sizes.format(run.deliveredBytes)
    };
  }

  private static String times(double first, double cached) {
    return cached == 0 ? "all saved" : String.format(Locale.ROOT, "%.1f x", first / cached);
  }

  private static void row(StringBuilder text, String name, String... cells) {
    text.append(String.format(Locale.ROOT, "   %-12s", name));
    for (String cell : cells) {
      text.append(String.format(Locale.ROOT, "%16s", cell));
    }
    text.append(System.lineSeparator());
  }
}
