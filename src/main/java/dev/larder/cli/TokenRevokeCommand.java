package dev.larder.cli;

import dev.larder.access.Tokens;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder token revoke}. */
@Command(
    name = "revoke",
    description = "End a token. A running server refuses it from the next request on.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, "1:Failed: there is no such token.", ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {"  larder token revoke ci", "  larder token revoke 3f2a90c1d4e5"})
final class TokenRevokeCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "NAME|ID", description = "As 'larder token ls' prints them.")
  private String nameOrId = "";

  TokenRevokeCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Tokens.Account gone;
    try (Larder larder = desk.open()) {
      gone = larder.tokens().revoke(nameOrId);
    }
    if (desk.json()) {
      desk.printJson(TokenOutput.json(gone));
    } else {
      desk.remark("Revoked %s (%s).".formatted(gone.name(), gone.id()));
    }
    return ExitCodes.DONE;
  }
}
