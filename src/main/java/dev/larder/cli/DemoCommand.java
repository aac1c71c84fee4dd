package dev.larder.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder demo}. */
@Command(
    name = "demo",
    description = {
      "Tell the whole story on this machine, without internet.",
      "A bundled hub on loopback offers a real model; every figure shown is measured in this run.",
      "Works in a directory of its own, whatever the settings are, and removes it at the end."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {"  larder demo", "  larder demo --once"})
final class DemoCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(names = "--once", description = "End when the story is told; else stay up until Ctrl-C.")
  private boolean once;

  DemoCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    desk.workshop().demo(once, desk.terminal());
    return ExitCodes.DONE;
  }
}
