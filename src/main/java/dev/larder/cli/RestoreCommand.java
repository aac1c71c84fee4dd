package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.provision.Archives.RestoreReport;
import dev.larder.provision.Archives.RestoreRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder restore}. */
@Command(
    name = "restore",
    description = {
      "Bring back what an archive holds.",
      "FILE is a backup of Larder's (tar.zst), or a tar.gz of a Hugging Face cache directory. All"
          + " of it is read and every hash compared before anything is published; what does not"
          + " belong into such an archive refuses it as a whole.",
      "What is here stays: sound blobs, and refs unless the backup knows a newer meaning."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      "2:Wrong usage, or --yes is missing where nobody can be asked.",
      "4:The archive is refused; nothing was restored.",
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder restore models.tar.zst",
      "  larder restore --dry-run models.tar.zst          check it, restore nothing",
      "  larder restore --yes cache.tar.gz                as 'tar czf' made it of a cache directory"
    })
final class RestoreCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(index = "0", paramLabel = "FILE", description = "The archive.")
  private String file = "";

  @Option(names = "--dry-run", description = "Only read and check it, and say what it would do.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  RestoreCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Path path = desk.path(file);
    String question = "Restore %s into %s?".formatted(path, desk.settings().home());
    boolean sure = dryRun || yes || Files.notExists(path); // Of what is not there it says so.
    if (!sure && !new Consent(desk).given(question)) {
      desk.warn("nothing was restored.");
      return ExitCodes.FAILED;
    }
    RestoreReport report;
    try (Larder larder = desk.open();
        ProgressBar bar = desk.progress()) {
      report = larder.archives().restore(new RestoreRequest(path, dryRun), bar::reach);
    }
    ArchiveOutput output = new ArchiveOutput(desk);
    output.sayWhatIsLeftOut(report.leftOut());
    output.sayWhatStays(report.keptRefs());
    print(report);
    return ExitCodes.DONE;
  }

  private void print(RestoreReport report) {
    if (desk.json()) {
      desk.printJson(
          Json.object(
              "file", report.file(),
              "kind", report.ours() ? "larder" : "huggingface",
              "dry_run", report.dryRun(),
              "repos", report.repos(),
              "files", report.files(),
              "size_bytes", report.sizeBytes(),
              "new_bytes", report.newBytes(),
              "kept_refs", ArchiveOutput.keptRefs(report.keptRefs()),
              "left_out", ArchiveOutput.leftOut(report.leftOut())));
    } else if (!desk.quiet()) {
      if (report.dryRun()) {
        report.repos().forEach(repo -> desk.print(repo.toString()));
      }
      desk.print(
          "%s %s with %s, %s; %s %s new here."
              .formatted(
                  report.dryRun() ? "The archive is sound and would restore" : "Restored",
                  ArchiveOutput.count(report.repos().size(), "repo", "repos"),
                  ArchiveOutput.count(report.files(), "file", "files"),
                  Sizes.format(report.sizeBytes()),
                  Sizes.format(report.newBytes()),
                  report.dryRun() ? "would be" : "were"));
    }
  }
}
