package dev.larder.cli;

import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder pull}. */
@Command(
    name = "pull",
    description = {
      "Bring a repo, or files of it, into the cache; print the path of the snapshot.",
      "Asks the running server when there is one."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      ExitCodes.USAGE_ROW,
      ExitCodes.UNVERIFIED_ROW,
      ExitCodes.NOT_ALLOWED_ROW,
      ExitCodes.UNREACHABLE_ROW,
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder pull sentence-transformers/all-MiniLM-L6-v2",
      "  larder pull org/name@v1.0 config.json onnx/      one file and one directory",
      "  larder pull org/name --include '*.safetensors' --exclude 'original/*'",
      "  larder pull datasets/org/name --dry-run          what would be fetched",
      "  larder pull org/name --location secondary        keep it there, if it is not here yet"
    })
final class PullCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      index = "0",
      paramLabel = "REPO",
      description = {
        "org/name, datasets/org/name, spaces/org/name; with @REVISION behind it a branch, tag"
            + " or commit. Also hf://org/name, and the address of its page on the hub."
      })
  private String repo = "";

  @Parameters(
      index = "1..*",
      paramLabel = "FILE",
      description = "Files to bring; one that ends in / means all below it. Without: all.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"--type", "--repo-type"},
      paramLabel = "model|dataset|space",
      description = "What REPO is, when its name does not say so.")
  private @Nullable String type;

  @Option(names = "--include", paramLabel = "GLOB", description = "Only files that match.")
  private List<String> include = new ArrayList<>();

  @Option(names = "--exclude", paramLabel = "GLOB", description = "No files that match.")
  private List<String> exclude = new ArrayList<>();

  @Option(
      names = "--location",
      paramLabel = "NAME",
      description = {
        "Where to keep a repo that is not here yet; 'primary' when not given. One that is here stays"
            + " where it is."
      })
  private @Nullable String location;

  @Option(names = "--dry-run", description = "Only print what would be fetched.")
  private boolean dryRun;

  PullCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    PullRequest request = request();
    PullResult result;
    try (Larder larder = desk.open();
        PullProgress progress = new PullProgress(desk.progress())) {
      result = larder.pull(request, progress);
    }
    PullOutput output = new PullOutput(desk, request);
    if (desk.json()) {
      output.printJson(result);
    } else {
      output.printText(result);
    }
    return ExitCodes.DONE;
  }

  private PullRequest request() {
    RepoAddress address = RepoAddress.parse(repo, desk.settings().hubUpstream());
    List<String> named = new ArrayList<>(address.files());
    named.addAll(files);
    if (!named.isEmpty() && !(include.isEmpty() && exclude.isEmpty())) {
      desk.warn("--include and --exclude are ignored, since files are named.");
    }
    return new PullRequest(
        typed(address.repo()),
        address.revision().orElse(Revision.MAIN),
        new FileSelection(named, include, exclude),
        dryRun,
        Optional.ofNullable(location));
  }

  private RepoId typed(RepoId named) {
    if (type == null) {
      return named;
    }
    RepoKind kind = RepoKind.of(type);
    if (named.kind() != RepoKind.MODEL && named.kind() != kind) {
      throw new UsageException(
          "%s is a %s by its name, not a %s; leave --type away."
              .formatted(named, named.kind().word(), kind.word()));
    }
    return new RepoId(kind, named.name());
  }
}
