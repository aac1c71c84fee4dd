package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Removes what lies at a path, and follows no link on the way down. */
record Deletion(Disk disk) {
  void all(Path path) throws IOException {
    Optional<FileStat> stat = disk.stat(path);
    if (stat.isEmpty()) {
      return;
    }
    if (stat.get().kind() == FileStat.Kind.DIRECTORY) {
      for (Path inside : disk.list(path)) {
        all(inside);
      }
    }
    disk.delete(path);
  }
}
