package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a location holds: each file once, whatever names it has. */
record Contents(long files, long bytes) {
  static Contents of(Disk disk, MoveRequest move) throws IOException {
    Set<FileStat.Id> seen = new HashSet<>();
    Contents larder = sum(disk, move, move.larder(), seen);
    Contents hub = sum(disk, move, move.hub(), seen);
    return new Contents(larder.files + hub.files, larder.bytes + hub.bytes);
  }

  private static Contents sum(Disk disk, MoveRequest move, Path path, Set<FileStat.Id> seen)
      throws IOException {
    Optional<FileStat> found = disk.stat(path);
    if (found.isEmpty() || staysBehind(move, path)) {
      return new Contents(0, 0);
    }
    FileStat stat = found.get();
    return switch (stat.kind()) {
      case FILE -> seen.add(stat.id()) ? new Contents(1, stat.sizeBytes()) : new Contents(0, 0);
      case DIRECTORY -> {
        long files = 0;
        long bytes = 0;
        for (Path inside : disk.list(path)) {
          Contents one = sum(disk, move, inside, seen);
          files += one.files;
          bytes += one.bytes;
        }
        yield new Contents(files, bytes);
      }
      case SYMLINK, OTHER -> new Contents(0, 0);
    };
  }

  /**
   * Downloads that are on their way, and what a process notes for itself: the new place begins
   * without. Of a database the index of its log is made anew.
   */
  static boolean staysBehind(MoveRequest move, Path file) {
    Path larder = move.larder();
    return file.equals(larder.resolve("LOCK"))
        || file.equals(larder.resolve("UNCLEAN"))
        || file.equals(larder.resolve("tmp"))
        || file.equals(larder.resolve("catalog.db-shm"));
  }

  /** What lies in the old root and is not of the location. */
  static List<Path> others(Disk disk, MoveRequest move) throws IOException {
    List<Path> others = new ArrayList<>();
    for (Path file : disk.list(move.from())) {
      if (!file.equals(move.larder()) && !file.equals(move.hub()) && !Signpost.isOne(file)) {
        others.add(file);
      }
    }
    return others;
  }
}
