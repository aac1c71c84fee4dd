package dev.larder.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only has subcommands: alone it prints its help, and that is wrong usage. */
@Command
abstract class CommandGroup implements Callable<Integer> {
  private final Desk desk;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec before it calls.
  CommandGroup(Desk desk) {
    this.desk = desk;
  }

  @Override
  public final Integer call() {
    spec.commandLine().usage(desk.terminal().err());
    return ExitCodes.USAGE;
  }
}
