package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.StatsReport.Limit;
import dev.larder.upkeep.StatsReport.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code stats} prints. */
record StatsOutput(StatsReport report) {
  /** What the lines of the table are about. */
  enum By {
    SOURCE,
    REPO,
    CALLER,
    DAY;

    /** Throws {@link UsageException} for another word. */
    static By parse(String text) {
      for (By by : values()) {
        if (by.name().equalsIgnoreCase(text)) {
          return by;
        }
      }
      throw new UsageException(
          "'%s' is nothing to count by; there are source, repo, caller, day.".formatted(text));
    }
  }

  List<String> table(By by) {
    String what = by == By.REPO ? "OBJECT" : by == By.SOURCE ? "" : by.name();
    TextTable table =
        new TextTable(
            "SOURCE",
            what,
            ">HITS",
            ">MISSES",
            ">JOINED",
            ">STALE",
            ">BYPASSED",
            ">SERVED",
            ">UPSTREAM",
            ">SAVED");
    rows(by).forEach(row -> table.row(cells(row.source(), row)));
    table.row(cells("total", report.total()));
    List<String> lines = new ArrayList<>(table.lines());
    if (report.total().savedBytes() > 0) {
      lines.add(savings());
    }
    report.limits().stream().map(StatsOutput::sentence).forEach(lines::add);
    return lines;
  }

  private List<Traffic> rows(By by) {
    return switch (by) {
      case SOURCE -> report.bySource();
      case REPO -> report.rows();
      case CALLER -> report.callers();
      case DAY -> report.days();
    };
  }

  private String savings() {
    String bytes = Sizes.format(report.total().savedBytes());
    Optional<Duration> time = report.savedTime();
    return time.isEmpty()
        ? "%s did not have to be fetched from upstream.".formatted(bytes)
        : "%s did not have to be fetched from upstream, which would have taken about %s at the %s/s that one connection brought."
            .formatted(bytes, words(time.get()), Sizes.format(bytesPerSecond()));
  }

  private long bytesPerSecond() {
    Traffic total = report.total();
    return total.upstreamBytes() * 1_000 / Math.max(1, total.upstreamMillis());
  }

  private static String words(Duration time) {
    if (time.toHours() >= 48) {
      return time.toDays() + " days";
    }
    return time.toMinutes() >= 120
        ? time.toHours() + " h"
        : time.toSeconds() >= 120 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }

  /** How often an upstream still lets itself be asked. */
  private static String sentence(Limit limit) {
    StringBuilder text = new StringBuilder("The upstream of ").append(limit.source());
    text.append(" limits \"").append(limit.bucket()).append('"');
    text.append(limit.own() ? " of a token: " : ": ");
    text.append(limit.remaining().map(Object::toString).orElse("an unknown number of"));
    limit.quota().ifPresent(quota -> text.append(" of ").append(quota));
    text.append(" questions left");
    limit
        .windowSeconds()
        .ifPresent(window -> text.append(" in a window of ").append(window + " s"));
    if (limit.restSeconds() > 0) {
      text.append("; it is not asked for another ").append(limit.restSeconds()).append(" s");
    }
    return text.append('.').toString();
  }

  private static String[] cells(String source, Traffic row) {
    return new String[] {
      source,
      row.object(),
      String.valueOf(row.hits()),
      String.valueOf(row.misses()),
      String.valueOf(row.joined()),
      String.valueOf(row.stale()),
      String.valueOf(row.bypassed()),
      Sizes.format(row.servedBytes()),
      Sizes.format(row.upstreamBytes()),
      saved(row)
    };
  }

  /** Share of what was served that did not cross the upstream link. */
  private static String saved(Traffic row) {
    if (row.servedBytes() == 0) {
      return "–";
    }
    double share = 1 - row.upstreamBytes() / (double) row.servedBytes();
    return String.format(Locale.ROOT, "%.0f %%", 100 * Math.max(0, share));
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> all = counts(report.total());
    all.put("since", report.since());
    all.put(
        "sources",
        report.bySource().stream().map(row -> named(row, "source", row.source())).toList());
    all.put("objects", report.rows().stream().map(row -> row(row, "object")).toList());
    all.put("callers", report.callers().stream().map(row -> row(row, "caller")).toList());
    all.put("days", report.days().stream().map(row -> row(row, "day")).toList());
    all.put("bytes_saved", report.total().savedBytes());
    all.put("seconds_saved", report.savedTime().map(Duration::toSeconds).orElse(null));
    all.put("upstream_limits", report.limits().stream().map(StatsOutput::limit).toList());
    return all;
  }

  private static Map<String, @Nullable Object> row(Traffic row, String name) {
    Map<String, @Nullable Object> all = Json.object("source", row.source(), name, row.object());
    all.putAll(counts(row));
    return all;
  }

  private static Map<String, @Nullable Object> limit(Limit limit) {
    return Json.object(
        "source", limit.source(),
        "bucket", limit.bucket(),
        "of_a_token", limit.own(),
        "remaining", limit.remaining().orElse(null),
        "quota", limit.quota().orElse(null),
        "window_seconds", limit.windowSeconds().orElse(null),
        "rest_seconds", limit.restSeconds());
  }

  private static Map<String, @Nullable Object> named(Traffic row, String name, String value) {
    Map<String, @Nullable Object> all = Json.object(name, value);
    all.putAll(counts(row));
    return all;
  }

  private static Map<String, @Nullable Object> counts(Traffic row) {
    return Json.object(
        "hits", row.hits(),
        "misses", row.misses(),
        "bytes_served", row.servedBytes(),
        "bytes_from_upstream", row.upstreamBytes(),
        "joined", row.joined(),
        "stale", row.stale(),
        "bypassed", row.bypassed());
  }
}
