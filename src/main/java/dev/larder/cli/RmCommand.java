package dev.larder.cli;

import dev.larder.settings.Settings;
import dev.larder.upkeep.VerifyTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code larder rm}. */
@Command(
    name = "rm",
    description = {
      "Remove repos, or revisions of them, from the cache.",
      "Also what other programs put there. A blob that another revision or repo needs stays.",
      "Its sizes are of all files that go: also listings and refs, which ls does not count.",
      "Asks first on a terminal, needs --yes elsewhere. Cut short, the same command finishes."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed: something named is not cached, nothing named may go, or the answer was no.",
      "2:Wrong usage, or --yes is needed.",
      ExitCodes.NO_SPACE_TO_REMOVE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder rm org/name                               all of a repo",
      "  larder rm org/name@v1.0 datasets/org/name        a revision, and a data set",
      "  larder rm --dry-run org/name                     what would go, and what that frees",
      "  larder rm --location secondary org/name          the spare of a repo that primary has too",
      "  larder rm --yes --json org/name                  in a script"
    })
final class RmCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      arity = "1..*",
      paramLabel = "TARGET",
      description = {
        "org/name, datasets/org/name, org/name@REVISION; also hf://… and the address of a repo's"
            + " page on the hub."
      })
  private List<String> targets = new ArrayList<>();

  @Mixin private RemovalOptions options = new RemovalOptions();

  RmCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Settings settings = desk.settings();
    List<VerifyTarget> named = targets.stream().map(text -> target(text, settings)).toList();
    RemovalDialogue dialogue = new RemovalDialogue(desk, options);
    dialogue.requireConsent();
    try (Larder larder = desk.openToRemove(settings, options.dryRun)) {
      int code =
          dialogue.run(larder.removals(), removals -> removals.plan(named, options.location()));
      return dialogue.nothingWent() ? ExitCodes.FAILED : code;
    }
  }

  private static VerifyTarget target(String text, Settings settings) {
    RepoAddress address = RepoAddress.parse(text, settings.hubUpstream());
    if (!address.files().isEmpty()) {
      throw new UsageException(
          "'%s' is a file; rm removes repos and revisions, like %s%s."
              .formatted(text, address.repo(), address.revision().map(it -> "@" + it).orElse("")));
    }
    return new VerifyTarget(address.repo(), address.revision(), Optional.empty());
  }
}
