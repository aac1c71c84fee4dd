package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.ReadableFile;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one directory like another on a second file system: files with their modes and times, hard
 * links as hard links, symbolic links as they are written. A file appears whole, hashed and durable
 * or not at all, so a pass that is cut is gone on with by the next; what is there already with the
 * same length and time is taken as it is, and what the old place has no more is removed. For one
 * thread.
 */
final class Copying {
  private static final int BLOCK = 1 << 20;
  private static final int PERMISSIONS = 07777;
  private static final int PRIVATE = 0700;

  private final Disk disk;
  private final MoveRequest move;
  private final MoveListener listener;
  private final long totalBytes;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
  private final Map<FileStat.Id, Path> copies = new HashMap<>();
  private long doneBytes;
  private long changes;

  Copying(Disk disk, MoveRequest move, MoveListener listener, long totalBytes) {
    this.disk = disk;
    this.move = move;
    this.listener = listener;
    this.totalBytes = totalBytes;
  }

  /** Answers how much was not there yet. The store comes first: the tree has links to it. */
  long pass() throws IOException {
    copies.clear();
    doneBytes = 0;
    changes = 0;
    disk.createDirectories(move.to());
    if (disk.stat(move.larder()).isPresent()) {
      directory(move.larder(), move.newLarder());
    }
    if (disk.stat(move.hub()).isPresent()) {
      directory(move.hub(), move.newHub());
    }
    disk.syncDirectory(move.to());
    return changes;
  }

  private void directory(Path from, Path to) throws IOException {
    FileStat stat = disk.stat(from).orElseThrow();
    if (disk.stat(to).isEmpty()) {
      // Until it has the mode of the old one nobody else gets at what is in it.
      disk.createDirectories(to);
      disk.chmod(to, PRIVATE);
    }
    Set<Path> wanted = new HashSet<>();
    for (Path file : disk.list(from)) {
      Path name = file.getFileName();
      if (!Contents.staysBehind(move, file)) {
        wanted.add(name);
        one(file, to.resolve(name));
      }
    }
    for (Path file : disk.list(to)) {
      if (!wanted.contains(file.getFileName())) {
        changes++;
        new Deletion(disk).all(file);
      }
    }
    if (disk.stat(to).map(FileStat::mode).orElse(0) != stat.mode()) {
      disk.chmod(to, stat.mode() & PERMISSIONS);
    }
    disk.syncDirectory(to);
  }

  private void one(Path from, Path to) throws IOException {
    Optional<FileStat> stat = disk.stat(from);
    if (stat.isEmpty()) {
      return; // It went: the next pass sees that, too.
    }
    switch (stat.get().kind()) {
      case DIRECTORY -> {
        if (!disk.isDirectory(to)) {
          new Deletion(disk).all(to);
        }
        directory(from, to);
      }
      case SYMLINK -> symlink(from, to);
      case FILE -> file(from, to, stat.get());
      case OTHER -> {
        // A socket or a pipe is of a process, not of a cache.
      }
    }
  }

  /** One that names the old place names the new one then. */
  private void symlink(Path from, Path to) throws IOException {
    Path text = Files.readSymbolicLink(from);
    Path wanted = move.arrived(text);
    if (Emptying.isLink(disk, to, wanted)) {
      return;
    }
    changes++;
    new Deletion(disk).all(to);
    disk.symlink(to, wanted);
  }

  private void file(Path from, Path to, FileStat stat) throws IOException {
    Path other = copies.get(stat.id());
    if (other != null) {
      link(other, to);
      return;
    }
    if (!isSame(to, stat)) {
      changes++;
      copy(from, to, stat);
    } else {
      moved(from, stat.sizeBytes());
    }
    if (stat.links() > 1) {
      copies.put(stat.id(), to);
    }
  }

  private void link(Path existing, Path to) throws IOException {
    FileStat wanted = disk.stat(existing).orElseThrow();
    if (disk.stat(to).filter(stat -> stat.inode() == wanted.inode()).isPresent()) {
      return;
    }
    changes++;
    new Deletion(disk).all(to);
    disk.link(existing, to);
  }

  private boolean isSame(Path to, FileStat stat) throws IOException {
    return disk.stat(to).filter(there -> Emptying.isCopy(stat, there)).isPresent();
  }

  private void copy(Path from, Path to, FileStat stat) throws IOException {
    Path temporary = to.resolveSibling(to.getFileName() + ".moving");
    new Deletion(disk).all(temporary);
    ByName name = ByName.of(move, from, stat.sizeBytes());
    try (ReadableFile source = disk.openQuietly(from);
        WritableFile target = disk.create(temporary)) {
      bytes(from, source, target, name);
      disk.chmod(temporary, stat.mode() & PERMISSIONS);
      // What nobody used for long is not used by being moved.
      disk.setTimes(temporary, stat.modifiedNanos(), stat.accessedNanos());
      target.sync();
    }
    name.require(from);
    new Deletion(disk).all(to);
    disk.rename(temporary, to);
  }

  private void bytes(Path from, ReadableFile source, WritableFile target, ByName name)
      throws IOException {
    long position = 0;
    while (source.read(block.clear(), position) > 0) {
      block.flip();
      int count = block.remaining();
      name.update(block.duplicate());
      target.write(block, position);
      position += count;
      moved(from, count);
    }
  }

  private void moved(Path file, long bytes) {
    doneBytes += bytes;
    listener.progress(String.valueOf(file.getFileName()), doneBytes, totalBytes);
  }
}
