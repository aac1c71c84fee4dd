package dev.larder.cli;

import dev.larder.upkeep.Budget.Pin;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code larder pin ls}. */
@Command(
    name = "ls",
    description = "What is pinned, by whom, until when, and how much of what is here that keeps.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {"  larder pin ls", "  larder pin ls --json"})
final class PinLsCommand implements Callable<Integer> {
  private final Desk desk;

  PinLsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    List<Pin> pins;
    try (Larder larder = desk.look(desk.settings())) {
      pins = larder.budget().pins();
    }
    if (desk.json()) {
      desk.printJson(pins.stream().map(PinOutput::json).toList());
    } else if (desk.quiet()) {
      pins.forEach(pin -> desk.print(pin.target()));
    } else if (!pins.isEmpty()) {
      desk.print(PinOutput.lines(pins));
    }
    return ExitCodes.DONE;
  }
}
