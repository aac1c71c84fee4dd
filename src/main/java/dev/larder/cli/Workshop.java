package dev.larder.cli;

import dev.larder.doctor.Report;
import dev.larder.location.LocationState;
import dev.larder.location.MoveListener;
import dev.larder.location.MoveReport;
import dev.larder.location.MoveRequest;
import dev.larder.settings.Location;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import java.net.URI;
import java.util.Map;
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
   * As {@link #look}, for a command that will remove something. On a full disk it gives up what
   * Larder keeps for that, and where there is nothing to give up it says what to delete by hand.
   */
  Larder openToRemove(Settings settings, Consumer<String> warn);

  /**
   * Runs the site cache until the process is told to stop. {@code ready} gets the address clients
   * use, once requests are answered.
   */
  void serve(Settings settings, Consumer<URI> ready);

  /**
   * Moves a location, alone: nobody else may work on it. Answers when it is whole in the new place
   * and gone from the old one.
   */
  MoveReport move(MoveRequest request, MoveListener listener);

  /** What is found at the root of each location of the settings. Makes nothing. */
  Map<Location, LocationState> locations(Settings settings);

  /** Tells the whole story on this machine. {@code once}: ends by itself. */
  void demo(boolean once, Terminal terminal);

  /**
   * Looks for what is wrong with this machine's caches and settings. Needs nothing to be right, not
   * even the settings.
   */
  Report examine(SettingSources sources, boolean offline, boolean fix);

  /** Where the server that owns the root's store answers, when one runs. Asks nobody. */
  Optional<URI> runningServer(Settings settings);
}
