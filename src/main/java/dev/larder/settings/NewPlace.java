package dev.larder.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A setting as it has to be after a location has got another root. {@code place}: where it is set
 * so far.
 */
public record NewPlace(String variable, String value, String place) {
  static List<NewPlace> of(Location location, Path root, Assigned hubCache, String locations) {
    List<NewPlace> all = new ArrayList<>();
    String variable = location.variable();
    if (variable.equals(Setting.LOCATIONS.variable())) {
      String list = replaced(locations, location.name(), root);
      all.add(new NewPlace(variable, list, location.place()));
    } else if (variable.equals(Layers.XDG_CACHE_HOME)
        || location.place().equals(Origin.DEFAULT.toString())) {
      all.add(new NewPlace(Setting.HOME.variable(), root.toString(), "not set so far"));
    } else if (!variable.equals(Setting.HUB_CACHE.variable())) {
      all.add(new NewPlace(variable, root.toString(), location.place()));
    }
    if (location.isPrimary() && !hubCache.text().isEmpty()) {
      all.add(
          new NewPlace(
              Setting.HUB_CACHE.variable(),
              root.resolve("hub").toString(),
              hubCache.origin().toString()));
    }
    return all;
  }

  private static String replaced(String locations, String name, Path root) {
    return Arrays.stream(locations.split(",", -1))
        .map(String::strip)
        .map(pair -> pair.startsWith(name + "=") ? name + "=" + root : pair)
        .collect(Collectors.joining(","));
  }

  /** {@code NAME=value}. */
  public String assignment() {
    return variable + "=" + value;
  }

  @Override
  public String toString() {
    return "%s   (%s)".formatted(assignment(), place);
  }
}
