package dev.larder.app;

import dev.larder.cli.Larder;
import dev.larder.cli.Terminal;
import dev.larder.cli.Workshop;
import dev.larder.settings.Settings;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** Does what commands ask for, with the rooms of this process. */
final class HouseWorkshop implements Workshop {
  @Override
  public Larder open(Settings settings, Consumer<String> warn) {
    throw new UnsupportedOperationException("rooms are not wired");
  }

  @Override
  public void serve(Settings settings, Consumer<URI> ready) {
    throw new UnsupportedOperationException("rooms are not wired");
  }

  @Override
  public void demo(boolean once, Terminal terminal) {
    throw new UnsupportedOperationException("rooms are not wired");
  }

  @Override
  public Optional<URI> runningServer(Settings settings) {
    return Optional.empty();
  }
}
