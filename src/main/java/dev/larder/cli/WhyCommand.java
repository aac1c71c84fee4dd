package dev.larder.cli;

import dev.larder.content.Identity;
import dev.larder.upkeep.VerifyTarget;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyReport.Decision;
import dev.larder.upkeep.WhyReport.Fact;
import dev.larder.upkeep.WhyRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder why}. */
@Command(
    name = "why",
    description = {
      "Why something is, or is not, in the cache.",
      "How it stands, what its next request meets, and what was decided about it last.",
      "Asks nobody and changes nothing; works without a server and offline."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder why org/name",
      "  larder why hf://org/name@v1.0/model.safetensors",
      "  larder why org/name --file model.safetensors",
      "  larder why sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    })
final class WhyCommand implements Callable<Integer> {
  private static final Pattern BYTES = Pattern.compile("(?:sha256:)?([0-9a-f]{64})|([0-9a-f]{40})");

  private static final String SHA256 = "sha256:";

  private final Desk desk;

  @Parameters(
      paramLabel = "TARGET",
      description = {
        "org/name, datasets/org/name, org/name@REVISION; hf://… and the address of a page on the"
            + " hub, of a repo or of a file in it; or the hash that a blob is called after."
      })
  private String target = "";

  @Option(names = "--file", paramLabel = "PATH", description = "This file of the repo.")
  private @Nullable String file;

  WhyCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    WhyRequest request = request();
    WhyReport report;
    try (Larder larder = desk.look(desk.settings())) {
      report = larder.why(request);
    }
    if (desk.json()) {
      desk.printJson(json(report));
    } else {
      print(report, desk.clock().instant());
    }
    return ExitCodes.DONE;
  }

  private WhyRequest request() {
    var bytes = BYTES.matcher(target);
    if (bytes.matches()) {
      String hex = bytes.group(1) == null ? bytes.group(2) : bytes.group(1);
      return new WhyRequest.OfBytes(Identity.ofHex(hex));
    }
    if (target.startsWith(SHA256)) {
      throw new UsageException(
          "'%s' is no hash: after %s come 64 digits, 0 to 9 and a to f.".formatted(target, SHA256));
    }
    RepoAddress address = RepoAddress.parse(target, desk.settings().hubUpstream());
    return new WhyRequest.OfTarget(
        new VerifyTarget(
            address.repo(),
            address.revision(),
            Optional.ofNullable(file).or(() -> address.files().stream().findFirst())));
  }

  private void print(WhyReport report, Instant now) {
    desk.print(Visible.of(report.target()) + (report.cached() ? ": cached" : ": not cached"));
    if (!desk.quiet()) {
      for (Fact fact : report.facts()) {
        desk.print("  %-10s %s".formatted(label(fact), Visible.of(fact.text())));
      }
      if (!report.next().isEmpty()) {
        desk.print("  %-10s %s".formatted("next", report.next()));
      }
    }
    if (report.decisions().isEmpty()) {
      desk.print("Nothing was decided about it that is still written down.");
      return;
    }
    TextTable table = new TextTable("WHEN", "WHAT", ">TIMES", "OBJECT", "CALLER", "WHY");
    for (Decision each : report.decisions()) {
      table.row(
          Ages.ago(Optional.of(each.at()), now),
          each.kind(),
          String.valueOf(each.times()),
          each.object(),
          each.caller(),
          each.detail());
    }
    desk.print(table.lines());
  }

  private static String label(Fact fact) {
    return fact.name().replace('_', ' ');
  }

  private static Map<String, @Nullable Object> json(WhyReport report) {
    return Json.object(
        "target", report.target(),
        "cached", report.cached(),
        "facts",
            report.facts().stream()
                .map(fact -> Json.object("name", fact.name(), "text", fact.text()))
                .toList(),
        "next", report.next().isEmpty() ? null : report.next(),
        "decisions", report.decisions().stream().map(WhyCommand::json).toList());
  }

  private static Map<String, @Nullable Object> json(Decision each) {
    return Json.object(
        "at", each.at(),
        "kind", each.kind(),
        "times", each.times(),
        "object", each.object(),
        "commit", each.commit().isEmpty() ? null : each.commit(),
        "caller", each.caller().isEmpty() ? null : each.caller(),
        "detail", each.detail());
  }
}
