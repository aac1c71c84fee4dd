package dev.larder.cli;

import dev.larder.upkeep.Budget.Pin;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder pin rm}. */
@Command(
    name = "rm",
    description = "Take a pin away. What it kept stays until the space is wanted.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed: there is no such pin of that owner.",
      ExitCodes.USAGE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {"  larder pin rm org/name", "  larder pin rm org/name@v1.0 --owner ci"})
final class PinRmCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "TARGET", description = PinTarget.HELP)
  private String target = "";

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = "Whose pin it is; yours if not given.")
  private String owner = PinTarget.user();

  PinRmCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    RepoAddress address = PinTarget.parse(target, desk);
    Pin pin;
    try (Larder larder = desk.open()) {
      pin = larder.budget().unpin(address.repo(), address.revision(), owner);
    }
    if (desk.json()) {
      desk.printJson(PinOutput.json(pin));
    } else {
      desk.remark(Visible.of(pin.target() + " is not pinned by " + owner + " any more."));
    }
    return ExitCodes.DONE;
  }
}
