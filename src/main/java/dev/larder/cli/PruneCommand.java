package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.upkeep.Pruning;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code larder prune}. */
@Command(
    name = "prune",
    description = {
      "Remove what nothing refers to, or what is not used.",
      "That is: revisions that no branch or tag names, blobs that nothing leads to, and downloads"
          + " that were given up more than a day ago.",
      "With limits also whole repos, the longest unused first. What is being read stays.",
      "Its sizes are of all files that go: also listings and refs, which ls does not count.",
      "Asks first on a terminal, needs --yes elsewhere. Cut short, the same command finishes."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done, or there was nothing to remove.",
      "1:Failed, or the answer was no.",
      "2:Wrong usage, or --yes is needed.",
      ExitCodes.NO_SPACE_TO_REMOVE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder prune --dry-run                           what would go, and what that frees",
      "  larder prune --older-than 30d                    also repos not used for 30 days",
      "  larder prune --max-size 50GB --yes               come down to 50 GB"
    })
final class PruneCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      description = "Also remove repos that were not used for so long, like 12h, 30d or 1y.")
  private @Nullable String olderThan;

  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      description = "Also remove repos, the longest unused first, until this is left, like 50GB.")
  private @Nullable String maxSize;

  @Mixin private RemovalOptions options = new RemovalOptions();

  PruneCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Pruning limits =
        new Pruning(
            Optional.ofNullable(olderThan).map(Ages::parse),
            Optional.ofNullable(maxSize).map(Sizes::parse),
            options.location());
    RemovalDialogue dialogue = new RemovalDialogue(desk, options);
    dialogue.requireConsent();
    try (Larder larder = desk.openToRemove(desk.settings(), options.dryRun)) {
      return dialogue.run(larder.removals(), removals -> removals.plan(limits));
    }
  }
}
