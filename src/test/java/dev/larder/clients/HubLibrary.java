package dev.larder.clients;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Python with huggingface_hub. */
enum HubLibrary {
  /** The one of Debian: no hf_xet. */
  DEBIAN("in-chroot"),
  /** The newest that could be had, with hf_xet. */
  NEWEST("in-venv");

  private final String runner;

  HubLibrary(String runner) {
    this.runner = runner;
  }

  /** Ends the test as skipped without it; as failed where CI promised it. */
  void need() {
    switch (this) {
      case DEBIAN -> RealClients.needInChroot("hf");
      case NEWEST ->
          RealClients.need(
              RealClients.folder().resolve(Path.of("venv", "bin", "hf")),
              "tests/clients/setup pip");
    }
  }

  Client.Said run(Map<String, String> environment, String... command) throws Exception {
    return RealClients.start(List.of(RealClients.script(runner)), environment, List.of(command))
        .said();
  }

  /** A script of {@code tests/clients}. */
  Client.Said script(Map<String, String> environment, String name, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", RealClients.script(name)));
    command.addAll(List.of(arguments));
    return run(environment, command.toArray(String[]::new));
  }
}
