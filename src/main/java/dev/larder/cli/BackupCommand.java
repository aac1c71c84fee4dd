package dev.larder.cli;

import dev.larder.content.RepoId;
import dev.larder.content.Sizes;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.provision.Archives.BackupRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder backup}. */
@Command(
    name = "backup",
    description = {
      "Write one archive of everything, or of some repos.",
      "The file (tar.zst) has its name only when it is whole. 'larder restore' checks and restores"
          + " it, and 'zstd -d | tar x' makes a Hugging Face cache directory of it."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      "2:Wrong usage, or FILE is there already.",
      "3:Written, but files were left out, which an archive cannot hold or nobody may read.",
      "4:Written, but damaged files were left out.",
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder backup /mnt/usb/models.tar.zst",
      "  larder backup two.tar.zst org/name datasets/org/name",
      "  larder backup --force nightly.tar.zst            replace the one of yesterday",
      "  zstd -dc models.tar.zst | tar x -C ~/.cache/huggingface/hub"
    })
final class BackupCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(index = "0", paramLabel = "FILE", description = "The archive to write.")
  private String file = "";

  @Parameters(index = "1..*", paramLabel = "REPO", description = ArchiveOutput.REPO)
  private List<String> repos = new ArrayList<>();

  @Option(
      names = {"--force", "-y", "--yes"},
      description =
          "Replace FILE when it is there, if it is a regular file: no link and no device.")
  private boolean force;

  BackupCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    BackupRequest request =
        new BackupRequest(desk.path(file), repos.stream().map(this::repo).toList(), force);
    BackupReport report;
    try (Larder larder = desk.look(desk.settings());
        ProgressBar bar = desk.progress()) {
      report = larder.archives().backup(request, bar::reach);
    }
    new ArchiveOutput(desk).sayWhatIsLeftOut(report.leftOut());
    if (desk.json()) {
      desk.printJson(
          Json.object(
              "file", report.file(),
              "repos", report.repos(),
              "blobs", report.blobs(),
              "size_bytes", report.sizeBytes(),
              "archive_bytes", report.archiveBytes(),
              "left_out", ArchiveOutput.leftOut(report.leftOut())));
    } else if (!desk.quiet()) {
      desk.print(
          "%s: %s, %s, %s (%s on disk)."
              .formatted(
                  report.file(),
                  ArchiveOutput.count(report.repos().size(), "repo", "repos"),
                  ArchiveOutput.count(report.blobs(), "file", "files"),
                  Sizes.format(report.sizeBytes()),
                  Sizes.format(report.archiveBytes())));
    }
    return ArchiveOutput.exitCode(report.leftOut());
  }

  private RepoId repo(String text) {
    RepoAddress address = RepoAddress.parse(text, desk.settings().hubUpstream());
    if (address.revision().isPresent() || !address.files().isEmpty()) {
      throw new UsageException(
          "'%s' is a part of a repo; a backup has whole ones: name %s."
              .formatted(text, address.repo()));
    }
    return address.repo();
  }
}
