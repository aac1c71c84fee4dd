package dev.larder.cli;

import dev.larder.doctor.Code;
import dev.larder.doctor.Finding;
import dev.larder.doctor.Finding.Outcome;
import dev.larder.doctor.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder doctor}. */
@Command(
    name = "doctor",
    description = {
      "Find what is wrong with this machine's caches and settings.",
      "Each finding says what it is, why it matters and the command that mends it. Works when",
      "nothing else does, and changes nothing without --fix."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Nothing found, or all of it was fixed; notes do not count.",
      "1:Errors or warnings are left.",
      "2:Wrong usage."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder doctor",
      "  larder doctor --offline                          ask nobody outside this machine",
      "  larder doctor --fix                              remove what dead downloads left, close modes",
      "  larder doctor --json | jq '.[] | select(.severity==\"error\")'"
    })
final class DoctorCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(
      names = "--fix",
      description =
          "Mend what can be mended without harm: what dead downloads and dead processes left, modes"
              + " of larder/ and of tokens, CACHEDIR.TAG.")
  private boolean fix;

  @Option(names = "--offline", description = "Do not ask the hub.")
  private boolean offline;

  DoctorCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Report report = desk.workshop().examine(desk.sources(), offline, fix);
    if (desk.json()) {
      desk.printJson(report.findings().stream().map(DoctorCommand::json).toList());
    } else {
      print(report);
    }
    return report.healthy() ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  private void print(Report report) {
    for (Code.Group group : Code.Group.values()) {
      List<Finding> findings =
          report.findings().stream().filter(f -> f.code().group() == group).toList();
      if (!findings.isEmpty()) {
        desk.print(group.title());
        findings.forEach(finding -> desk.print(paragraph(finding, report)));
        desk.print("");
      }
    }
    if (!desk.quiet()) {
      desk.print(summary(report));
    }
  }

  private static List<String> paragraph(Finding finding, Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "  %s %s%s: %s"
            .formatted(
                word(finding.code().severity()),
                finding.code().text(),
                finding
                    .location()
                    .filter(_ -> report.locations().size() > 1)
                    .map(" in %s"::formatted)
                    .orElse(""),
                shown(finding)));
    lines.add("      why:  " + finding.code().why());
    switch (finding.outcome()) {
      case Outcome.Left _ -> lines.add("      mend: " + finding.mend());
      case Outcome.Fixed(String how) -> lines.add("      fixed: " + how);
      case Outcome.NotFixed(String why) -> {
        lines.add("      not fixed: " + why);
        lines.add("      mend: " + finding.mend());
      }
    }
    return lines.stream().map(Visible::of).toList();
  }

  /** A failure of another part may have several lines. */
  private static String shown(Finding finding) {
    return finding.what().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String word(Code.Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private static String summary(Report report) {
    if (report.findings().isEmpty()) {
      return "Nothing found. Looked at: %s%s."
          .formatted(
              String.join(", ", report.subjects()),
              report.locations().size() > 1
                  ? "; in the locations " + String.join(", ", report.locations())
                  : "");
    }
    long fixable = report.findings().stream().filter(f -> f.fixable() && !f.fixed()).count();
    long fixed = report.findings().stream().filter(Finding::fixed).count();
    return "%s, %s, %s%s.%s"
        .formatted(
            count(report, Code.Severity.ERROR, "error", "errors"),
            count(report, Code.Severity.WARNING, "warning", "warnings"),
            count(report, Code.Severity.NOTE, "note", "notes"),
            fixed > 0 ? "; %d fixed".formatted(fixed) : "",
            fixable > 0 ? " 'larder doctor --fix' mends %d of them.".formatted(fixable) : "");
  }

  private static String count(Report report, Code.Severity severity, String one, String many) {
    long count = report.findings().stream().filter(f -> f.code().severity() == severity).count();
    return count + " " + (count == 1 ? one : many);
  }

  private static Map<String, @Nullable Object> json(Finding finding) {
    return Json.object(
        "code", finding.code().text(),
        "severity", word(finding.code().severity()),
        "group", finding.code().group().name().toLowerCase(Locale.ROOT),
        "location", finding.location().orElse(null),
        "what", shown(finding),
        "why", finding.code().why(),
        "mend", finding.mend(),
        "fixable", finding.fixable(),
        "fixed", finding.fixed(),
        "outcome",
            switch (finding.outcome()) {
              case Outcome.Left _ -> null;
              case Outcome.Fixed(String how) -> how;
              case Outcome.NotFixed(String why) -> why;
            });
  }
}
