package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.provision.Archives.ExportReport;
import dev.larder.provision.Archives.ExportRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder export}. */
@Command(
    name = "export",
    description = {
      "Write the files of a cached repo as ordinary files, without links.",
      "Every hash is compared while it is written, and each file has its name only when it is"
          + " whole. Nothing is downloaded: 'larder pull' brings what is missing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed, or the repo is not cached.",
      "2:Wrong usage, or DIR is not empty, is a cache, or leads elsewhere.",
      "3:Written, but files of the snapshot are not in the cache, or cannot be written.",
      ExitCodes.UNVERIFIED_ROW,
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder export sentence-transformers/all-MiniLM-L6-v2 ./minilm",
      "  larder export org/name@v1.0 /srv/models/name --force",
    })
final class ExportCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      index = "0",
      paramLabel = "REPO",
      description = "org/name, datasets/org/name; @REVISION for another than main.")
  private String repo = "";

  @Parameters(index = "1", paramLabel = "DIR", description = "Where to; made when it is missing.")
  private String directory = "";

  @Option(
      names = {"-f", "--force"},
      description =
          "Write into DIR although it is not empty; files of the same names are replaced.")
  private boolean force;

  ExportCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    RepoAddress address = RepoAddress.parse(repo, desk.settings().hubUpstream());
    if (!address.files().isEmpty()) {
      throw new UsageException("'%s' is a file; export takes a repo.".formatted(repo));
    }
    ExportRequest request =
        new ExportRequest(address.repo(), address.revision(), desk.path(directory), force);
    ExportReport report;
    try (Larder larder = desk.look(desk.settings());
        ProgressBar bar = desk.progress()) {
      report = larder.archives().export(request, bar::reach);
    }
    new ArchiveOutput(desk).sayWhatIsLeftOut(report.leftOut());
    if (!report.missing().isEmpty()) {
      desk.warn(
          "%s of %s not in the cache: %s. 'larder pull %s@%s' brings what is missing."
              .formatted(
                  ArchiveOutput.count(report.missing().size(), "file", "files"),
                  report.repo() + (report.missing().size() == 1 ? " is" : " are"),
                  String.join(", ", report.missing().stream().limit(5).toList())
                      + (report.missing().size() > 5 ? ", …" : ""),
                  report.repo(),
                  report.commit()));
    }
    print(report);
    return report.missing().isEmpty()
        ? ArchiveOutput.exitCode(report.leftOut())
        : ExitCodes.INCOMPLETE;
  }

  private void print(ExportReport report) {
    if (desk.json()) {
      desk.printJson(
          Json.object(
              "repo", report.repo(),
              "commit", report.commit(),
              "directory", report.directory(),
              "files", report.files(),
              "size_bytes", report.sizeBytes(),
              "missing", report.missing(),
              "left_out", ArchiveOutput.leftOut(report.leftOut())));
    } else if (!desk.quiet()) {
      desk.print(
          "%s@%s: %s, %s, in %s."
              .formatted(
                  report.repo(),
                  report.commit().substring(0, 12),
                  ArchiveOutput.count(report.files(), "file", "files"),
                  Sizes.format(report.sizeBytes()),
                  report.directory()));
    }
  }
}
