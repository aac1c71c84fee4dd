package dev.larder.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code larder} alone: its help, or its version. */
@Command(
    name = "larder",
    description =
        "A model cache for a whole site: fetched once, verified, kept, served to everyone.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      ExitCodes.USAGE_ROW,
      "3:Incomplete: files were left out of a backup or an export.",
      ExitCodes.UNVERIFIED_ROW,
      ExitCodes.NOT_ALLOWED_ROW,
      ExitCodes.UNREACHABLE_ROW,
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder demo --once                               see all of it on this machine",
      "  larder pull sentence-transformers/all-MiniLM-L6-v2",
      "  larder serve                                     run the cache of the site",
      "  eval \"$(larder env)\"                             point this shell's tools at it"
    })
final class RootCommand implements Callable<Integer> {
  private final Desk desk;

  @Spec CommandSpec spec;

  @Option(
      names = {"-V", "--version"},
      description = "Print the version.")
  private boolean version;

  @SuppressWarnings("NullAway.Init") // picocli sets spec before it calls.
  RootCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    if (version) {
      desk.print(Version.line());
      return ExitCodes.DONE;
    }
    spec.commandLine().usage(desk.terminal().err());
    return ExitCodes.USAGE;
  }
}
