package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.store.Flock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Whether huggingface_hub downloads into the tree of a location, whoever runs it: it holds {@code
 * flock} on {@code .locks/<repo>/<etag>.lock} meanwhile, by the library filelock.
 */
final class PythonAtWork {
  private PythonAtWork() {}

  /** Throws {@link LocationException.InUse} when it does, or when that cannot be seen. */
  static void requireNone(Disk disk, MoveRequest move) throws IOException {
    if (disk.isDirectory(move.hub())) {
      look(disk, move, move.hub().resolve(".locks"));
    }
  }

  private static void look(Disk disk, MoveRequest move, Path path) throws IOException {
    FileStat.Kind kind = disk.stat(path).map(FileStat::kind).orElse(null);
    try {
      if (kind == FileStat.Kind.DIRECTORY) {
        for (Path inside : disk.list(path)) {
          look(disk, move, inside);
        }
      } else if (kind == FileStat.Kind.FILE && Flock.isHeld(path)) {
        throw new LocationException.InUse(
            "Tried to move %s, but another program downloads into it: it holds %s. Wait for its end, or stop it."
                .formatted(move.from(), path));
      }
    } catch (NoSuchFileException _) {
      // It is gone, and with it its holder's work.
    } catch (AccessDeniedException _) {
      throw new LocationException.InUse(
          "Tried to move %s, but whether another program downloads into it cannot be seen: %s may not be read. Run this as its owner or as root, or remove that when no program uses it."
              .formatted(move.from(), path));
    }
  }
}
