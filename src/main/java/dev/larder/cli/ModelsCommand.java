package dev.larder.cli;

import picocli.CommandLine.Command;

/** {@code larder models}: its help. */
@Command(
    name = "models",
    description = {
      "Models by name: which repo each is, and which are in the server's memory.",
      "What is registered is loaded by the first request for its embeddings, if not before."
    },
    synopsisSubcommandLabel = "COMMAND",
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
      "  larder models register minilm sentence-transformers/all-MiniLM-L6-v2",
      "  larder models load minilm",
      "  larder models ls"
    })
final class ModelsCommand extends CommandGroup {
  ModelsCommand(Desk desk) {
    super(desk);
  }
}
