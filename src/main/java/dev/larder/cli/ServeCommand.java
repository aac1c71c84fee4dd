package dev.larder.cli;

import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder serve}. */
@Command(
    name = "serve",
    description = {
      "Run the cache of the site until told to stop (Ctrl-C, SIGTERM).",
      "Prints the address once requests are answered; logs JSON lines on stderr."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed: the port is in use, or another server owns the store.",
      ExitCodes.USAGE_ROW,
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder serve",
      "  larder serve --host 0.0.0.0 --port 8090",
      "  larder serve --port 0 --home /srv/larder         any free port"
    })
final class ServeCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(names = "--host", paramLabel = "ADDRESS", description = "Where to listen (LARDER_HOST).")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "0 is any free one (LARDER_PORT).")
  private @Nullable String port;

  ServeCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    if (host != null) {
      flags.put(Setting.HOST, host);
    }
    if (port != null) {
      flags.put(Setting.PORT, port);
    }
    Settings settings = desk.settings(flags);
    settings.checkLocations();
    desk.workshop().serve(settings, address -> announce(settings, address));
    return ExitCodes.DONE;
  }

  private void announce(Settings settings, URI address) {
    if (desk.json()) {
      desk.printJson(Json.object("address", address, "home", settings.home()));
    } else {
      desk.print("Larder serves " + settings.home() + " at " + address);
    }
    if (settings.listensOnEveryAddress()) {
      desk.warn(
          "It listens on every address of this machine: others reach port %d by its name. %s"
              .formatted(
                  address.getPort(),
                  settings.adminToken().isPresent()
                      ? "Whoever has the admin token may change what is here."
                      : "They may read; changes are refused to them, since LARDER_ADMIN_TOKEN is not set."));
    }
  }
}
