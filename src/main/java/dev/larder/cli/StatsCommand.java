package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.settings.Durations;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.StatsReport.Traffic;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder stats}. */
@Command(
    name = "stats",
    description = "Hits, misses, and bytes from upstream against bytes served.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {"  larder stats", "  larder stats --since 7d", "  larder stats --json"})
final class StatsCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(
      names = "--since",
      paramLabel = "AGE",
      description = "Only so far back, like 12h or 7d; whole days are counted.")
  private @Nullable String since;

  StatsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Optional<Instant> from = from();
    StatsReport report;
    try (Larder larder = desk.look(desk.settings())) {
      report = larder.stats(from);
    }
    if (desk.json()) {
      desk.printJson(json(report));
    } else {
      desk.print(table(report));
    }
    return ExitCodes.DONE;
  }

  private Optional<Instant> from() {
    if (since == null) {
      return Optional.empty();
    }
    String text = since;
    return Optional.of(
        desk.clock()
            .instant()
            .minus(
                Durations.parse(text)
                    .orElseThrow(
                        () ->
                            new UsageException(
                                "'%s' is not a duration; write it like 12h or 7d."
                                    .formatted(text)))));
  }

  private static List<String> table(StatsReport report) {
    TextTable table =
        new TextTable("SOURCE", "OBJECT", ">HITS", ">MISSES", ">SERVED", ">UPSTREAM", ">SAVED");
    report.rows().forEach(row -> table.row(cells(row.source(), row)));
    table.row(cells("total", report.total()));
    return table.lines();
  }

  private static String[] cells(String source, Traffic row) {
    return new String[] {
      source,
      row.object(),
      String.valueOf(row.hits()),
      String.valueOf(row.misses()),
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

  private static Map<String, @Nullable Object> json(StatsReport report) {
    Map<String, @Nullable Object> all = counts(report.total());
    all.put("since", report.since());
    all.put(
        "sources",
        report.bySource().stream().map(row -> named(row, "source", row.source())).toList());
    all.put("objects", report.rows().stream().map(StatsCommand::object).toList());
    return all;
  }

  private static Map<String, @Nullable Object> object(Traffic row) {
    Map<String, @Nullable Object> all = Json.object("source", row.source(), "object", row.object());
    all.putAll(counts(row));
    return all;
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
        "bytes_from_upstream", row.upstreamBytes());
  }
}
