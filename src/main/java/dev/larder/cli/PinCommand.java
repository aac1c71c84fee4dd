package dev.larder.cli;

import picocli.CommandLine.Command;

/** {@code larder pin}: its help. */
@Command(
    name = "pin",
    description = {
      "What is never evicted, whose wish that is, and until when.",
      "Pins keep at most 80 %% of LARDER_MAX_SIZE, so that there is always room for something else."
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      ExitCodes.USAGE_ROW,
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder pin add org/name",
      "  larder pin add datasets/org/evals@v1.0 --owner ci --for 30d --note 'release 12'",
      "  larder pin ls",
      "  larder pin rm org/name"
    })
final class PinCommand extends CommandGroup {
  PinCommand(Desk desk) {
    super(desk);
  }
}
