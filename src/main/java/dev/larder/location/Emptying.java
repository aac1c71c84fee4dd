package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes from the old tree what the new one has: files of the same length and time, links with the
 * same text, directories that are empty then. Other programs write to a tree and know nothing of a
 * move, so what they put there since its copy is made stays, to be taken in or thrown away by
 * whoever owns it.
 */
record Emptying(Disk disk, MoveRequest move) {
  /** Answers what stays: of a directory that came whole, the directory alone. */
  List<Path> tree() throws IOException {
    List<Path> stays = new ArrayList<>();
    if (disk.isDirectory(move.hub())) {
      remove(move.hub(), stays);
    }
    return stays;
  }

  private void remove(Path path, List<Path> stays) throws IOException {
    Path other = move.arrived(path);
    Optional<FileStat> old = disk.stat(path);
    if (old.isEmpty()) {
      return;
    }
    boolean same =
        switch (old.get().kind()) {
          case DIRECTORY -> disk.isDirectory(other);
          case FILE -> disk.stat(other).filter(there -> isCopy(old.get(), there)).isPresent();
          case SYMLINK -> isLink(disk, other, move.arrived(Files.readSymbolicLink(path)));
          case OTHER -> true; // A socket or a pipe, which is not copied.
        };
    if (same && old.get().kind() == Kind.DIRECTORY) {
      directory(path, stays);
    } else if (same) {
      disk.delete(path);
    } else {
      stays.add(path);
    }
  }

  private void directory(Path path, List<Path> stays) throws IOException {
    int before = stays.size();
    for (Path inside : disk.list(path)) {
      remove(inside, stays);
    }
    if (stays.size() == before) {
      try {
        disk.delete(path);
      } catch (DirectoryNotEmptyException _) {
        stays.add(path); // Something came into it just now.
      }
    }
  }

  /** Whether a link with this text lies there. */
  static boolean isLink(Disk disk, Path path, Path text) throws IOException {
    return disk.stat(path).filter(found -> found.kind() == Kind.SYMLINK).isPresent()
        && Files.readSymbolicLink(path).equals(text);
  }

  /** As {@link Copying} makes them. */
  static boolean isCopy(FileStat one, FileStat other) {
    return one.kind() == other.kind()
        && one.sizeBytes() == other.sizeBytes()
        && one.modifiedNanos() == other.modifiedNanos();
  }
}
