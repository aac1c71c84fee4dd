package dev.larder.cli;

import dev.larder.settings.Setting;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a command works with: where it runs, what it prints to, whom it asks. */
record Desk(
    Workshop workshop,
    Terminal terminal,
    SettingSources surroundings,
    InstantSource clock,
    GlobalOptions options) {

  Settings settings() {
    return settings(Map.of());
  }

  /** The settings in force with {@code --home} and further flags of a command. */
  Settings settings(Map<Setting, String> flags) {
    return Settings.load(sources(flags));
  }

  /** Where they are looked for; nothing is read yet. */
  SettingSources sources() {
    return sources(Map.of());
  }

  private SettingSources sources(Map<Setting, String> flags) {
    Map<Setting, String> all = new EnumMap<>(Setting.class);
    all.putAll(flags);
    if (options.home != null) {
      all.put(Setting.HOME, options.home);
    }
    return surroundings.withFlags(all);
  }

  /**
   * A file or directory of the command line, as an absolute one: a server has another working
   * directory.
   */
  Path path(String text) {
    if (text.equals("-") || text.isBlank()) {
      throw new UsageException(
          "'%s' is neither a file nor a directory; name one, since no pipe is read or written."
              .formatted(text));
    }
    try {
      return surroundings.directory().resolve(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UsageException("'%s' is no path: %s.".formatted(text, e.getReason()));
    }
  }

  Larder open() {
    return open(settings());
  }

  Larder open(Settings settings) {
    settings.checkLocations();
    return workshop.open(settings, this::warn);
  }

  /** For a command that brings nothing in. */
  Larder look(Settings settings) {
    settings.checkLocations();
    return workshop.look(settings, this::warn);
  }

  /** For one that removes; {@code planned}: that only shows what would go. */
  Larder openToRemove(Settings settings, boolean planned) {
    settings.checkLocations();
    return planned
        ? workshop.look(settings, this::warn)
        : workshop.openToRemove(settings, this::warn);
  }

  boolean json() {
    return options.json;
  }

  boolean quiet() {
    return options.quiet;
  }

  void print(String line) {
    terminal.out().println(line);
  }

  void print(List<String> lines) {
    lines.forEach(terminal.out()::println);
  }

  void printJson(Object value) {
    terminal.out().println(Json.text(value));
  }

  /** Something worth knowing that is no error; silent with {@code --quiet}. */
  void warn(String line) {
    if (!options.quiet) {
      terminal.err().println("larder: " + Visible.of(line));
    }
  }

  /** A remark for whoever watches. */
  void remark(String line) {
    if (terminal.interactive() && !options.quiet) {
      terminal.err().println(line);
    }
  }

  ProgressBar progress() {
    return new ProgressBar(terminal, options.quiet, System::nanoTime);
  }
}
