package dev.larder.hubcache;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The relative links of snapshots, and which of their directories are not durable yet. */
final class SnapshotLinks {
  private final Ground ground;
  private final Disk disk;
  private final Verified verified;

  /** Directories by the snapshot they belong to. Names in them wait for {@link #sync}. */
  private final ConcurrentHashMap<Path, Set<Path>> unsynced = new ConcurrentHashMap<>();

  SnapshotLinks(Ground ground, Verified verified) {
    this.ground = ground;
    this.disk = ground.disk;
    this.verified = verified;
  }

  /** One link to make. {@code blobs}: where a link can wait under another name. */
  record Link(Path name, Path text, Path snapshot, Path blobs) {}

  void place(Link link, Digest digest, long sizeBytes) throws IOException {
    ground.ensureDirectory(HubLayout.parent(link.name()));
    for (int i = 0; i < Ground.MAX_TRIES; i++) {
      try {
        placeOnce(link, digest, sizeBytes);
        return;
      } catch (FileAlreadyExistsException | NoSuchFileException _) {
        // A neighbour made or removed the name in between: look again.
      }
    }
    throw new FileSystemException(link.name().toString(), null, "others keep changing it");
  }

  private void placeOnce(Link link, Digest digest, long sizeBytes) throws IOException {
    Optional<FileStat> there = disk.stat(link.name());
    if (there.isEmpty()) {
      disk.symlink(link.name(), link.text());
    } else if (there.get().kind() == Kind.DIRECTORY) {
      throw new FileSystemException(link.name().toString(), null, "it is a directory");
    } else if (right(link.name(), there.get(), link.text())
        || (there.get().kind() == Kind.FILE && verified.holds(link.name(), digest, sizeBytes))) {
      // A real file with the right bytes is what a client without links keeps: it stays.
      return;
    } else {
      replace(link);
    }
    note(link);
  }

  private static boolean right(Path name, FileStat stat, Path text) throws IOException {
    return stat.kind() == Kind.SYMLINK && Files.readSymbolicLink(name).equals(text);
  }

  /** The new link waits in {@code blobs}: in the snapshot a scan would take it for an entry. */
  private void replace(Link link) throws IOException {
    Path temp = TempNames.fresh(link.blobs());
    disk.symlink(temp, link.text());
    try {
      disk.rename(temp, link.name());
    } finally {
      disk.delete(temp);
    }
  }

  private void note(Link link) {
    unsynced.compute(
        link.snapshot(),
        (_, directories) -> {
          Set<Path> now = directories == null ? ConcurrentHashMap.newKeySet() : directories;
          now.add(HubLayout.parent(link.name()));
          return now;
        });
  }

  /** Makes the snapshot's names durable. */
  void sync(Path snapshot) throws IOException {
    Set<Path> directories = unsynced.remove(snapshot);
    if (directories == null) {
      return;
    }
    try {
      for (Path directory : directories) {
        disk.syncDirectory(directory);
      }
    } catch (IOException e) {
      unsynced.merge(
          snapshot,
          directories,
          (now, failed) -> {
            now.addAll(failed);
            return now;
          });
      throw e;
    }
  }
}
