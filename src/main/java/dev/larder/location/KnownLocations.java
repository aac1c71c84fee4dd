package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.DiskFailure;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which locations were opened beside {@code primary} before: an empty file for each in {@code
 * <primary>/larder/locations}. An empty directory in the place of one of them is a file system that
 * is not mounted, not a new cache.
 */
public record KnownLocations(Path larder, Disk disk) {
  /** As {@link LocationState#requireHere}, where an empty directory may be a missing cache. */
  public LocationState look(String name, Path root, String setting) {
    LocationState _ = LocationState.requireHere(name, root, setting);
    return state(name, root);
  }

  /** Whether it was open before. */
  public boolean knows(String name) {
    return Files.exists(note(name));
  }

  /** The same, whatever it is. */
  public LocationState state(String name, Path root) {
    LocationState state = LocationState.of(root);
    return state instanceof LocationState.Empty && knows(name)
        ? new LocationState.Absent(
            "%s is empty, and the location was there before; mount it, or remove %s if it is to begin anew"
                .formatted(root, note(name)))
        : state;
  }

  /** It is open: from now on an empty directory is none of it. */
  public void opened(String name) {
    Path note = note(name);
    if (Files.exists(note)) {
      return;
    }
    try {
      Path folder = larder.resolve("locations");
      disk.createDirectories(folder);
      try (WritableFile file = disk.create(note)) {
        file.sync();
      }
      disk.syncDirectory(folder);
    } catch (FileAlreadyExistsException _) {
      // Another process was faster.
    } catch (IOException e) {
      throw new LocationException.Io(
          "Tried to note in %s that the location is there: %s. See that this user may write there and that its disk has room."
              .formatted(note, DiskFailure.reason(e)),
          e);
    }
  }

  private Path note(String name) {
    return larder.resolve("locations").resolve(name);
  }
}
