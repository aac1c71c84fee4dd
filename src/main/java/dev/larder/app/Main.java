package dev.larder.app;

import dev.larder.cli.Cli;
import dev.larder.cli.Terminal;
import dev.larder.settings.SettingSources;
import java.time.InstantSource;

/** Where the process starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    LogSetup.chooseFor(arguments);
    Cli cli =
        new Cli(
            new HouseWorkshop(InstantSource.system()),
            Terminal.ofProcess(),
            SettingSources.ofProcess(),
            InstantSource.system());
    System.exit(cli.run(arguments));
  }
}
