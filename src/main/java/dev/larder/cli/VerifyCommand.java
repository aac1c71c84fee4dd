package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.Finding.Kind;
import dev.larder.upkeep.Finding.Outcome;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.VerifyTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder verify}. */
@Command(
    name = "verify",
    description = {
      "Recompute every hash, offline, on all cores.",
      "With --repair, blobs that are damaged are quarantined and fetched again.",
      "Torn refs and links that lead nowhere or to the wrong blob are damage too, and are written"
          + " again. A server that runs does the work itself and serves on."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Everything is sound, or was repaired.",
      ExitCodes.FAILED_ROW,
      ExitCodes.USAGE_ROW,
      "4:Damage is left, or was quarantined with nothing to fetch it from."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder verify",
      "  larder verify org/name datasets/org/name@v1.0",
      "  larder verify hf://org/name@v1.0/model.safetensors",
      "  larder verify --repair",
      "  larder verify --json | jq '.findings[] | select(.repaired | not)'"
    })
final class VerifyCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      paramLabel = "TARGET",
      description = {
        "org/name, datasets/org/name, org/name@REVISION; also hf://… and the address of a page on"
            + " the hub, of a repo or of a file in it. Without: everything."
      })
  private List<String> targets = new ArrayList<>();

  @Option(
      names = "--repair",
      description = "Quarantine what is damaged and fetch it again; write refs and links again.")
  private boolean repair;

  VerifyCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    var request = new VerifyRequest(targets.stream().map(this::target).toList(), repair);
    VerifyReport report;
    try (Larder larder = desk.look(desk.settings());
        ProgressBar bar = desk.progress()) {
      report = larder.verify(request, new Progress(bar));
    }
    if (desk.json()) {
      desk.printJson(json(report));
    } else {
      report.findings().forEach(finding -> desk.print(Visible.of(line(finding))));
      if (!desk.quiet()) {
        desk.print(summary(report));
      }
    }
    return report.sound() ? ExitCodes.DONE : ExitCodes.UNVERIFIED;
  }

  private VerifyTarget target(String text) {
    RepoAddress address = RepoAddress.parse(text, desk.settings().hubUpstream());
    return new VerifyTarget(
        address.repo(), address.revision(), address.files().stream().findFirst());
  }

  private static String line(Finding finding) {
    return "%s: %s: %s%s"
        .formatted(
            word(finding),
            finding.subject(),
            finding.detail(),
            switch (finding.outcome()) {
              case LEFT -> "";
              case QUARANTINED -> " Not repaired.";
              case REPAIRED -> " Repaired.";
            });
  }

  private String summary(VerifyReport report) {
    String checked =
        "Checked %d %s, %s%s: "
            .formatted(
                report.blobs(),
                report.blobs() == 1 ? "blob" : "blobs",
                Sizes.format(report.bytes()),
                rate(report));
    if (report.findings().isEmpty()) {
      return checked + "all sound.";
    }
    long left = count(report, Outcome.LEFT);
    long quarantined = count(report, Outcome.QUARANTINED);
    return "%s%d found, %d repaired, %s%d left.%s"
        .formatted(
            checked,
            report.findings().size(),
            count(report, Outcome.REPAIRED),
            quarantined > 0 ? quarantined + " quarantined without a replacement, " : "",
            left,
            hint(report));
  }

  private static String rate(VerifyReport report) {
    return report.hashingMillis() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            " in %.1f s (%.2f GB/s)",
            report.hashingMillis() / 1e3,
            report.bytesPerSecond() / 1e9);
  }

  /**
   * What helps against what is left: a repair, and where that was not enough a pull, which brings
   * what else belongs to the snapshot.
   */
  private String hint(VerifyReport report) {
    Set<Kind> left =
        report.findings().stream()
            .filter(finding -> finding.outcome() == Outcome.LEFT)
            .map(Finding::kind)
            .collect(Collectors.toSet());
    String hint = "";
    if (!repair && (left.contains(Kind.DAMAGED_BLOB) || left.contains(Kind.MISSING_BLOB))) {
      hint += " 'larder verify --repair' fetches it again.";
    }
    if (!repair && left.contains(Kind.LEFTOVER)) {
      hint += " 'larder verify --repair' removes what was left behind.";
    }
    boolean links = !Collections.disjoint(left, Set.of(Kind.DANGLING_LINK, Kind.REWRITTEN_LINK));
    if (!repair && (links || left.contains(Kind.TORN_REF))) {
      hint += " 'larder verify --repair' writes refs and links again.";
    } else if (links) {
      hint += " 'larder pull' of the repo writes links again.";
    }
    return hint;
  }

  private static long count(VerifyReport report, Outcome outcome) {
    return report.findings().stream().filter(finding -> finding.outcome() == outcome).count();
  }

  private static Map<String, @Nullable Object> json(VerifyReport report) {
    return Json.object(
        "sound", report.sound(),
        "blobs", report.blobs(),
        "bytes", report.bytes(),
        "bytes_per_second", report.bytesPerSecond(),
        "findings",
            report.findings().stream()
                .map(
                    finding ->
                        Json.object(
                            "kind", word(finding).replace(' ', '_'),
                            "subject", finding.subject(),
                            "detail", finding.detail(),
                            "repaired", finding.repaired(),
                            "outcome", finding.outcome().name().toLowerCase(Locale.ROOT)))
                .toList());
  }

  private static String word(Finding finding) {
    return finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private record Progress(ProgressBar bar) implements VerifyListener {
    @Override
    public void progress(String name, long checkedBytes, long totalBytes) {
      bar.reach(name, checkedBytes, totalBytes);
    }
  }
}
