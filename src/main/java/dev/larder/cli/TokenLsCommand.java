package dev.larder.cli;

import dev.larder.access.Tokens;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder token ls}. */
@Command(
    name = "ls",
    description = "Who has a token, or with --grants what groups may read. No token is shown.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {"  larder token ls", "  larder token ls --grants", "  larder token ls --json"})
final class TokenLsCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(names = "--grants", description = "Print what groups may read.")
  private boolean grants;

  TokenLsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    try (Larder larder = desk.look(desk.settings())) {
      if (grants) {
        print(larder.tokens().grants());
      } else {
        print(larder.tokens().list(), desk.clock().instant());
      }
    }
    return ExitCodes.DONE;
  }

  private void print(List<Tokens.Account> accounts, Instant now) {
    if (desk.json()) {
      desk.printJson(accounts.stream().map(TokenOutput::json).toList());
    } else if (desk.quiet()) {
      accounts.forEach(account -> desk.print(account.name()));
    } else if (!accounts.isEmpty()) {
      desk.print(TokenOutput.accountLines(accounts, now));
    }
  }

  private void print(List<Tokens.Grant> all) {
    if (desk.json()) {
      desk.printJson(all.stream().map(TokenOutput::json).toList());
    } else if (!all.isEmpty()) {
      desk.print(TokenOutput.grantLines(all));
    }
  }
}
