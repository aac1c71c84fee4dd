package dev.larder.cli;

import dev.larder.settings.Settings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder env}. */
@Command(
    name = "env",
    description = {
      "The settings that point tools at this Larder.",
      "At LARDER_PUBLIC_URL when it is set, else at the running server, else at the host and port it",
      "would have."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {
      "  eval \"$(larder env)\"",
      "  larder env --docker                              for /etc/docker/daemon.json",
      "  larder env --pip > ~/.config/pip/pip.conf"
    })
final class EnvCommand implements Callable<Integer> {
  private final Desk desk;

  @ArgGroup private @Nullable Form form;

  EnvCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Settings settings = desk.settings();
    ClientSettings clients =
        new ClientSettings(
            settings
                .publicUrl()
                .or(() -> desk.workshop().runningServer(settings))
                .orElseGet(settings::localUrl));
    if (desk.json()) {
      desk.printJson(clients.json());
    } else {
      print(clients, form == null ? new Form() : form);
    }
    return ExitCodes.DONE;
  }

  private void print(ClientSettings clients, Form wanted) {
    if (wanted.docker) {
      later(clients.docker(), "/v2");
    } else if (wanted.podman) {
      later(clients.podman(), "/v2");
    } else if (wanted.pip) {
      later(clients.pip(), "/pypi");
    } else if (wanted.nix) {
      later(clients.nix(), "/nix");
    } else {
      desk.print(clients.shell());
    }
  }

  private void later(String text, String path) {
    desk.warn("this version of Larder does not answer at " + path + " yet.");
    desk.print(text);
  }

  /** Which tool's own form; shell when none is given. */
  static final class Form {
    @Option(names = "--shell", description = "export lines for a POSIX shell (the default).")
    boolean shell;

    @Option(names = "--docker", description = "JSON for Docker's daemon.json.")
    boolean docker;

    @Option(names = "--podman", description = "TOML for registries.conf.")
    boolean podman;

    @Option(names = "--pip", description = "pip.conf.")
    boolean pip;

    @Option(names = "--nix", description = "nix.conf.")
    boolean nix;
  }
}
