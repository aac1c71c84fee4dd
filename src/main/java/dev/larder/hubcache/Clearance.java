package dev.larder.hubcache;

import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Takes names away below the root, through no link, and makes that durable when it is told to: what
 * was removed before {@link #sync} is gone after a power cut whenever something is that was removed
 * later.
 */
final class Clearance {
  private final Ground ground;
  private final Set<Path> unsynced = new LinkedHashSet<>();
  private long freed;

  Clearance(Ground ground) {
    this.ground = ground;
  }

  /** Whether it lies in real directories: nothing is removed through a link. */
  boolean isReached(Path name) throws IOException {
    return ground.obstacle(HubLayout.parent(name)).isEmpty();
  }

  /** Removes a file or a link, if it is there. */
  void file(Path name) throws IOException {
    Optional<FileStat> stat = isReached(name) ? ground.disk.stat(name) : Optional.empty();
    if (stat.isPresent()) {
      ground.disk.delete(name);
      unsynced.add(HubLayout.parent(name));
      if (stat.get().kind() == Kind.FILE && stat.get().links() == 1) {
        freed += stat.get().sizeBytes();
      }
    }
  }

  /** Removes an empty directory; false when something is in it. */
  boolean empty(Path directory) throws IOException {
    try {
      ground.disk.delete(directory);
      unsynced.remove(directory);
      unsynced.add(HubLayout.parent(directory));
      return true;
    } catch (DirectoryNotEmptyException _) {
      return false; // What somebody else put there stays.
    }
  }

  /** Removes the directories above {@code name} as long as they are empty, and not {@code top}. */
  void emptyAbove(Path name, Path top) throws IOException {
    for (Path at = HubLayout.parent(name); !at.equals(top); at = HubLayout.parent(at)) {
      if (!isReached(at) || !empty(at)) {
        return;
      }
    }
  }

  /** Removes {@code at} with all that is below it. A link in it goes, what it leads to stays. */
  void everything(Path at) throws IOException {
    Optional<FileStat> stat = isReached(at) ? ground.disk.stat(at) : Optional.empty();
    if (stat.filter(it -> it.kind() == Kind.DIRECTORY).isPresent()) {
      for (Path below : ground.disk.list(at)) {
        everything(at.resolve(below.getFileName()));
      }
      boolean _ = empty(at);
    } else if (stat.isPresent()) {
      file(at);
    }
  }

  /** Bytes of the files whose last name was taken away. */
  long freed() {
    return freed;
  }

  void sync() throws IOException {
    for (Path directory : unsynced) {
      try {
        ground.disk.syncDirectory(directory);
      } catch (NoSuchFileException _) {
        // Somebody else removed it meanwhile: so much the better.
      }
    }
    unsynced.clear();
  }
}
