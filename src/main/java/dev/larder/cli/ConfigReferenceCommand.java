package dev.larder.cli;

import dev.larder.settings.Reference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code larder config reference}. */
@Command(
    name = "reference",
    description = "Print all settings there are, as Markdown.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, "2:Wrong usage."},
    footerHeading = "%nExamples:%n",
    footer = "  larder config reference > docs/configuration.md")
final class ConfigReferenceCommand implements Callable<Integer> {
  private final Desk desk;

  ConfigReferenceCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    desk.terminal().out().print(Reference.markdown());
    return ExitCodes.DONE;
  }
}
