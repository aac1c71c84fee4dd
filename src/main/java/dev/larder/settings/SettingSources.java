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

  /** This process: its environment, working directory and user; no flags. */
  public static SettingSources ofProcess() {
    return new SettingSources(
        Map.of(), System.getenv(), Path.of("").toAbsolutePath(), Path.of(home()));
  }

  /**
   * Flags alone, nothing of the process or its user; relative paths are below {@code directory}.
   */
  public static SettingSources flagsOnly(Path directory, Map<Setting, String> flags) {
    return new SettingSources(flags, Map.of(), directory, directory);
  }

  public SettingSources withFlags(Map<Setting, String> others) {
    return new SettingSources(others, environment, directory, userHome);
  }

  private static String home() {
    String home = System.getenv("HOME");
    return home == null || home.isEmpty() ? System.getProperty("user.home", "/") : home;
  }
}
