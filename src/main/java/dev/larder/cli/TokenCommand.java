package dev.larder.cli;

import picocli.CommandLine.Command;

/** {@code larder token}: its help. */
@Command(
    name = "token",
    description = {
      "Access tokens for people and machines, and what groups of them may read.",
      "With one of them a client reads what is public, and those restricted repos that one of its"
          + " groups was granted; they are fetched with the site's own token (LARDER_UPSTREAM_TOKEN)."
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      ExitCodes.USAGE_ROW,
      ExitCodes.NOT_ALLOWED_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder token create ci --group builders --expires 90d",
      "  larder token grant builders 'org/*' datasets/org/evals",
      "  larder token ls",
      "  larder token revoke ci"
    })
final class TokenCommand extends CommandGroup {
  TokenCommand(Desk desk) {
    super(desk);
  }
}
