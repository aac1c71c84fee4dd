package dev.larder.app;

import dev.larder.catalog.JdbiCatalog;
import dev.larder.cli.Cli;
import dev.larder.cli.Terminal;
import dev.larder.settings.SettingSources;
import java.time.InstantSource;
import java.util.List;

/** Where the process starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    LogSetup.chooseFor(arguments);
    if (List.of(arguments).contains("serve")) {
      // While the command line is read, on the other core: a server is asked for at once.
      Thread.ofPlatform().daemon().name("warm-up").start(JdbiCatalog::warmUp);
    }
    Cli cli =
        new Cli(
            new HouseWorkshop(InstantSource.system()),
            Terminal.ofProcess(),
            SettingSources.ofProcess(),
            InstantSource.system());
    System.exit(cli.run(arguments));
  }
}
