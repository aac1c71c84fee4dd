package dev.larder.cli;

import dev.larder.upkeep.StatsReport;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder stats}. */
@Command(
    name = "stats",
    description = {
      "Hits, misses, and bytes from upstream against bytes served.",
      "Of the misses, some joined a download under way and some bypassed the store, unkept;"
          + " of the hits, some were stale: the hub could not confirm them."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder stats",
      "  larder stats --since 7d --by day",
      "  larder stats --by caller",
      "  larder stats --json"
    })
final class StatsCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(
      names = "--since",
      paramLabel = "AGE",
      description = "Only so far back, like 12h or 7d; whole days are counted.")
  private @Nullable String since;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      defaultValue = "repo",
      description = "source, repo, caller or day (in UTC).")
  private String by = "repo";

  StatsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    StatsOutput.By what = StatsOutput.By.parse(by);
    Optional<Instant> from =
        Optional.ofNullable(since).map(age -> desk.clock().instant().minus(Ages.parse(age)));
    StatsReport report;
    try (Larder larder = desk.look(desk.settings())) {
      report = larder.stats(from);
    }
    if (desk.json()) {
      desk.printJson(new StatsOutput(report).json());
    } else {
      desk.print(new StatsOutput(report).table(what));
    }
    return ExitCodes.DONE;
  }
}
