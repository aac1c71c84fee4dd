package dev.larder.doctor;

import dev.larder.location.KnownLocations;
import dev.larder.location.LocationState;
import dev.larder.settings.Location;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a location is where the settings say. */
final class LocationCheck implements Check {
  @Override
  public String subject() {
    return "where locations are";
  }

  @Override
  public List<Finding> look(Scene scene) {
    Path root = scene.home();
    if (Files.exists(root) && (!Files.isDirectory(root) || !Files.isExecutable(root))) {
      return List.of(); // What cannot be looked into is told as what it is.
    }
    KnownLocations known =
        new KnownLocations(scene.settings().home().resolve("larder"), scene.disk());
    Location location = scene.location();
    return switch (known.state(location.name(), root)) {
      case LocationState.Here _, LocationState.Empty _ -> List.of();
      // A primary that is not there may be one that is to be made.
      case LocationState.Absent _ when location.isPrimary() -> List.of();
      case LocationState.Absent(String reason) ->
          List.of(
              Finding.of(
                  Code.LOCATION_ABSENT,
                  "The location %s is left out: %s.".formatted(location, reason),
                  (known.knows(location.name()) ? "sudo mount " : "mkdir -p ")
                      + Shell.quoted(root)));
      case LocationState.Moved(Path to) ->
          List.of(
              Finding.of(
                  Code.LOCATION_MOVED,
                  "The location %s is not there any more: it was moved to %s%s."
                      .formatted(
                          location, to, Files.isDirectory(to) ? "" : ", and nothing is there"),
                  Files.isDirectory(to) ? named(scene, to) : "sudo mount " + Shell.quoted(to)));
      case LocationState.Arriving arriving ->
          List.of(
              Finding.of(
                  Code.LOCATION_ARRIVING,
                  "The location %s is being moved there from %s, and that was not finished."
                      .formatted(location, arriving.from()),
                  arriving.finish(location.name(), root, location.variable())));
    };
  }

  private static String named(Scene scene, Path to) {
    return scene.settings().toFind(scene.location(), to).stream()
        .map(setting -> Shell.export(setting.variable(), setting.value()))
        .collect(Collectors.joining("; "));
  }
}
