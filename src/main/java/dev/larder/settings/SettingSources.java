package dev.larder.settings;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where settings are looked for. {@code flags} come from the command line; {@code directory} may
 * hold {@code .env} and {@code larder.yaml}; {@code userHome} is what {@code ~} means.
 */
public record SettingSources(
    Map<Setting, String> flags, Map<String, String> environment, Path directory, Path userHome) {
  public SettingSources {
    flags = Map.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /** This process: its environment, working directory and user. */
  public static SettingSources ofProcess(Map<Setting, String> flags) {
    return new SettingSources(
        flags, System.getenv(), Path.of("").toAbsolutePath(), Path.of(home()));
  }

  private static String home() {
    String home = System.getenv("HOME");
    return home == null || home.isEmpty() ? System.getProperty("user.home", "/") : home;
  }
}
