package dev.larder.location;

import dev.larder.content.DiskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is found at the root of a location. */
public sealed interface LocationState {
  /** A cache. */
  record Here() implements LocationState {}

  /** A directory in which a cache may be begun. */
  record Empty() implements LocationState {}

  /** Nothing. {@code reason}: a sentence with what to do. */
  record Absent(String reason) implements LocationState {}

  /** It was moved to {@code to}. */
  record Moved(Path to) implements LocationState {}

  /** It is being moved here from {@code from}, and that is not done. */
  record Arriving(Path from) implements LocationState {
    /** The command that finishes it, whatever {@code setting} says by now. */
    public String finish(String name, Path root, String setting) {
      String move = "larder move %s %s".formatted(name, root);
      return switch (setting) {
        case "SECONDARY_CACHE_PATH" -> "%s=%s %s".formatted(setting, from, move);
        case "LARDER_LOCATIONS" -> "%s=%s=%s %s".formatted(setting, name, from, move);
        default -> "%s --home %s".formatted(move, from);
      };
    }
  }

  /** Looks. Throws {@link LocationException.Io} for a signpost that cannot be read. */
  static LocationState of(Path root) {
    try {
      Optional<Signpost> from = Signpost.moving(root);
      if (from.isPresent()) {
        return new Arriving(from.get().other());
      }
      Optional<Signpost> to = Signpost.moved(root);
      if (to.isPresent()) {
        return new Moved(to.get().other());
      }
    } catch (IOException e) {
      throw new LocationException.Io(
          "Tried to see whether the cache in %s has moved: %s. Make larder.moved or larder.moving there readable for this user, and see what it says."
              .formatted(root, DiskFailure.reason(e)),
          e);
    }
    if (Files.isDirectory(root.resolve("larder")) || Files.isDirectory(root.resolve("hub"))) {
      return new Here();
    }
    return Files.isDirectory(root)
        ? new Empty()
        : new Absent(
            "there is no directory %s; mount it, or make it if it is to be a new cache"
                .formatted(root));
  }

  /**
   * Throws {@link LocationException.Moved} when the settings that name {@code root}, such as {@code
   * LARDER_HOME}, are to name another directory.
   */
  static LocationState requireHere(String name, Path root, String setting) {
    LocationState state = of(root);
    switch (state) {
      case Moved(Path to) ->
          throw new LocationException.Moved(
              "The location %s is not in %s any more: it was moved to %s. Set %s to that directory (mount it if nothing is there), or remove %s if a new cache is to begin here."
                  .formatted(name, root, to, setting, root.resolve("larder.moved")));
      case Arriving arriving ->
          throw new LocationException.Moved(
              "The location %s is being moved from %s to %s and that was not finished; run '%s' again, or with the settings as they were."
                  .formatted(name, arriving.from(), root, arriving.finish(name, root, setting)));
      case Here _, Empty _, Absent _ -> {
        return state;
      }
    }
  }
}
