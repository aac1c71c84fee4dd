package dev.larder.cli;

import dev.larder.content.Revision;
import dev.larder.content.Sizes;
import dev.larder.provision.Archives.Checked;
import dev.larder.provision.Archives.ImportReport;
import dev.larder.provision.Archives.ImportRequest;
import dev.larder.provision.Archives.ImportedRepo;
import dev.larder.provision.Archives.LeftOut;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder import}. */
@Command(
    name = "import",
    description = {
      "Take in another Hugging Face cache, or a folder of model files, without downloading.",
      "Every file must hash to what it is said to be, and be the hub's where the hub can be asked;"
          + " others are named and left out. On one file system a file is shared, not copied: then"
          + " it becomes read-only."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      "2:Wrong usage, or nothing in DIR can be imported.",
      "4:Imported, but files with other bytes were left out.",
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder import /old/disk/.cache/huggingface",
      "  larder import ~/models/minilm --as sentence-transformers/all-MiniLM-L6-v2",
      "  larder import ./tuned --as team/tuned@v2 --copy     share no file with ./tuned"
    })
final class ImportCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description =
          "A cache (with or without hub/ in it), one repo's folder of it, or, with --as,"
              + " any folder of files.")
  private String directory = "";

  @Option(
      names = "--as",
      paramLabel = "REPO",
      description = "DIR holds the files of this repo; @REVISION for another than main.")
  private @Nullable String as;

  @Option(names = "--copy", description = "Share no file with DIR, whatever the file system can.")
  private boolean copy;

  ImportCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    ImportRequest request = request();
    ImportReport report;
    try (Larder larder = desk.open();
        ProgressBar bar = desk.progress()) {
      report = larder.archives().take(request, bar::reach);
    }
    ArchiveOutput output = new ArchiveOutput(desk);
    output.sayWhatIsLeftOut(report.leftOut());
    output.sayWhatStays(report.keptRefs());
    if (desk.json()) {
      desk.printJson(
          Json.object(
              "directory", report.directory(),
              "repos", report.repos().stream().map(ImportCommand::json).toList(),
              "copied_bytes", report.copiedBytes(),
              "kept_refs", ArchiveOutput.keptRefs(report.keptRefs()),
              "left_out", ArchiveOutput.leftOut(report.leftOut())));
    } else if (!desk.quiet()) {
      report.repos().forEach(repo -> desk.print(line(repo)));
      desk.remark("Copied %s; the rest is shared.".formatted(Sizes.format(report.copiedBytes())));
    }
    // What a folder lacks, or has besides, is named and is nothing wrong.
    return report.leftOut().stream().anyMatch(LeftOut::wrong)
        ? ExitCodes.UNVERIFIED
        : ExitCodes.DONE;
  }

  private ImportRequest request() {
    Path path = desk.path(directory);
    if (as == null) {
      return new ImportRequest(path, Optional.empty(), Revision.MAIN, copy);
    }
    RepoAddress address = RepoAddress.parse(as, desk.settings().hubUpstream());
    if (!address.files().isEmpty()) {
      throw new UsageException("'%s' is a file; --as takes a repo.".formatted(as));
    }
    return new ImportRequest(
        path, Optional.of(address.repo()), address.revision().orElse(Revision.MAIN), copy);
  }

  private static String line(ImportedRepo repo) {
    String how =
        switch (repo.checked()) {
          case HUB -> "as the hub has them";
          case NAMES -> "not compared with the hub, which could not be asked";
          case LOCAL -> "not compared with the hub; the commit is made from the files";
        };
    String at = repo.commits().size() == 1 ? "@" + repo.commits().getFirst().substring(0, 12) : "";
    return "%s%s: %s, %s, %s."
        .formatted(
            repo.repo(),
            at,
            ArchiveOutput.count(repo.files(), "file", "files"),
            Sizes.format(repo.sizeBytes()),
            how);
  }

  private static Map<String, @Nullable Object> json(ImportedRepo repo) {
    return Json.object(
        "repo", repo.repo(),
        "commits", repo.commits(),
        "files", repo.files(),
        "size_bytes", repo.sizeBytes(),
        "checked", repo.checked().name().toLowerCase(Locale.ROOT),
        "checked_with_hub", repo.checked() == Checked.HUB);
  }
}
