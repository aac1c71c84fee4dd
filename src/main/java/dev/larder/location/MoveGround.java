package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether a location can be moved from here to there at all, before anything is changed. */
record MoveGround(Disk disk, MoveRequest move) {
  void requireSameTarget(Signpost moved) {
    if (!moved.other().equals(move.to())) {
      throw new LocationException.Moved(
          "The location %s is not in %s any more: it was moved to %s. Set the new path, then move it from there."
              .formatted(move.name(), move.from(), moved.other()));
    }
  }

  void requireSource() throws IOException {
    for (Path part : List.of(move.hub(), move.larder())) {
      if (disk.stat(part).filter(stat -> stat.kind() == Kind.SYMLINK).isPresent()) {
        throw new LocationException.BadTarget(
            "%s is a link; move what it leads to by hand, since nobody knows what else is there."
                .formatted(part));
      }
    }
    if (disk.stat(move.larder()).isEmpty() && disk.stat(move.hub()).isEmpty()) {
      throw new LocationException.BadTarget(
          "There is no cache in %s, so there is nothing to move.".formatted(move.from()));
    }
    if (overlap(move.larder(), move.hub())) {
      throw new LocationException.BadTarget(
          "The Hugging Face cache directory %s and %s, where Larder keeps its own files, lie in one another, so neither can be moved by itself; move the whole directory by hand and set the new path."
              .formatted(move.hub(), move.larder()));
    }
  }

  /** Throws unless it is empty or not there, or holds what a cut move from here brought. */
  void requireTarget() throws IOException {
    Path to = move.to();
    if (overlap(to, move.from()) || overlap(to, move.hub())) {
      throw refused("one of them lies in the other");
    }
    Optional<FileStat> stat = disk.stat(to);
    if (stat.isEmpty()) {
      return;
    }
    if (!Files.isDirectory(to)) {
      throw refused("it is not a directory");
    }
    Optional<Signpost> arriving = Signpost.moving(to);
    boolean ours = arriving.filter(post -> post.other().equals(move.from())).isPresent();
    boolean empty =
        disk.list(to).stream()
            .allMatch(file -> Signpost.isOne(file) || file.endsWith("lost+found"));
    if (!ours && !empty) {
      throw refused("it is not empty");
    }
  }

  private static boolean overlap(Path one, Path other) throws IOException {
    Path first = real(one);
    Path second = real(other);
    return first.startsWith(second) || second.startsWith(first);
  }

  /** As the disk has it, as far as it is there. */
  private static Path real(Path path) throws IOException {
    Path here = existing(path);
    return here.toRealPath().resolve(here.relativize(path));
  }

  private LocationException refused(String why) {
    return new LocationException.BadTarget(
        "%s cannot be moved from %s to %s: %s; name a new or an empty directory."
            .formatted(move.name(), move.from(), move.to(), why));
  }

  /** Tried, since one file system mounted twice renames nothing from the one to the other. */
  boolean oneFileSystem() throws IOException {
    Path target = existing(move.to());
    long there = disk.stat(target).map(FileStat::device).orElse(-1L);
    for (Path part : List.of(move.from(), move.hub(), move.larder())) {
      Optional<FileStat> stat = disk.stat(part);
      if (stat.isPresent() && stat.get().device() != there) {
        return false;
      }
    }
    if (move.dryRun()) {
      return true;
    }
    Path probe = move.from().resolve("larder.moving.probe");
    Path arrived = target.resolve("larder.moving.probe");
    disk.delete(probe);
    disk.create(probe).close();
    try {
      disk.rename(probe, arrived);
      return true;
    } catch (AtomicMoveNotSupportedException _) {
      return false; // That is the answer.
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("cross-device")) {
        return false;
      }
      throw e;
    } finally {
      disk.delete(probe);
      disk.delete(arrived);
    }
  }

  /** A copy belongs to whoever makes it. */
  void requireOwner() throws IOException {
    Path larder = disk.stat(move.larder()).isPresent() ? move.larder() : move.hub();
    Object owner = Files.getAttribute(larder, "unix:uid");
    Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!owner.equals(me)) {
      throw new LocationException.BadTarget(
          "%s belongs to the user with the number %s, and a copy would belong to you (%s); run this as that user."
              .formatted(larder, owner, me));
    }
  }

  static Path existing(Path path) {
    Path here = path;
    while (!Files.exists(here) && here.getParent() != null) {
      here = here.getParent();
    }
    return here;
  }
}
