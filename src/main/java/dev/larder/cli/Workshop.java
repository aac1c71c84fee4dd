package dev.larder.cli;

import dev.larder.settings.Settings;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** Does what commands ask for. Everything throws {@link dev.larder.content.LarderException}. */
public interface Workshop {
  /**
   * The larder of the settings' root: through the server that owns its store when one runs, alone
   * otherwise. {@code warn} gets one line for each thing the user should know, such as a setting in
   * which the server differs. Close it.
   */
  Larder open(Settings settings, Consumer<String> warn);

  /**
   * As {@link #open}, for a command that only looks at what is there: a root that the settings name
   * and that does not exist is refused, not made.
   */
  Larder look(Settings settings, Consumer<String> warn);

  /**
   * Runs the site cache until the process is told to stop. {@code ready} gets the address clients
   * use, once requests are answered.
   */
  void serve(Settings settings, Consumer<URI> ready);

  /** Tells the whole story on this machine. {@code once}: ends by itself. */
  void demo(boolean once, Terminal terminal);

  /** Where the server that owns the root's store answers, when one runs. Asks nobody. */
  Optional<URI> runningServer(Settings settings);
}
