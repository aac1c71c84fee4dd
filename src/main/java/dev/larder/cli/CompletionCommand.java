package dev.larder.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/** {@code larder completion}: a script for bash and zsh. */
@Command(
    name = "completion",
    description = "Print a script that completes commands and options in bash and zsh.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, "2:Wrong usage."},
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(larder completion)",
      "  larder completion > ~/.local/share/bash-completion/completions/larder"
    })
final class CompletionCommand implements Callable<Integer> {
  private final Desk desk;
  private final Supplier<String> script;

  CompletionCommand(Desk desk, Supplier<String> script) {
    this.desk = desk;
    this.script = script;
  }

  @Override
  public Integer call() {
    desk.terminal().out().print(script.get());
    return ExitCodes.DONE;
  }
}
