package dev.larder.doctor;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.FullDisk;
import dev.larder.content.WritableFile;
import dev.larder.store.Flock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Tries what Larder needs of a file system, with three names that it takes away again. */
final class FileSystemCheck implements Check {
  private static final int PRIVATE = 0600;
  private static final Duration TOLERATED = Duration.ofMinutes(2);

  @Override
  public String subject() {
    return "links and locks of the file system";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    Optional<Path> directory = directory(scene);
    if (directory.isEmpty()) {
      return List.of();
    }
    String name =
        "doctor." + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()) + ".probe";
    return probe(scene, directory.get(), directory.get().resolve(name));
  }

  /** Where transfers lie, else the root; nowhere when it may not be written, which others say. */
  private static Optional<Path> directory(Scene scene) throws IOException {
    Path tmp = scene.larder().resolve("tmp");
    Path directory = Files.isDirectory(tmp) ? tmp : scene.home();
    return Files.isDirectory(directory)
            && Files.isWritable(directory)
            && !SpaceCheck.full(directory)
        ? Optional.of(directory)
        : Optional.empty();
  }

  private static List<Finding> probe(Scene scene, Path directory, Path file) throws IOException {
    Disk disk = scene.disk();
    Path link = file.resolveSibling(Places.name(file) + "2");
    Path symlink = file.resolveSibling(Places.name(file) + "3");
    List<Finding> findings = new ArrayList<>();
    try {
      try (WritableFile _ = disk.create(file)) {
        hardLink(scene, directory, () -> disk.link(file, link), findings);
        symlink(scene, directory, () -> disk.symlink(symlink, file.getFileName()), findings);
        flock(scene, directory, file, findings);
        sameName(scene, directory, file, findings);
        clock(scene, directory, disk.stat(file), findings);
      }
    } finally {
      disk.delete(symlink);
      disk.delete(link);
      disk.delete(file);
    }
    return findings;
  }

  private interface Step {
    void make() throws IOException;
  }

  private static void hardLink(Scene scene, Path directory, Step step, List<Finding> into) {
    try {
      step.make();
    } catch (IOException | UnsupportedOperationException e) {
      refused(Code.NO_HARD_LINKS, scene, "no hard link can be made", directory, e, into);
    }
  }

  private static void symlink(Scene scene, Path directory, Step step, List<Finding> into) {
    try {
      step.make();
    } catch (IOException | UnsupportedOperationException e) {
      refused(Code.NO_SYMLINKS, scene, "no symbolic link can be made", directory, e, into);
    }
  }

  private static void flock(Scene scene, Path directory, Path file, List<Finding> into) {
    try (Flock _ = Flock.tryAcquire(file, PRIVATE).orElse(null)) {
      if (!Flock.isHeld(file)) {
        into.add(
            Finding.of(
                Code.FLOCK_HOLDS_NOBODY,
                "In %s a lock that is held can be taken once more.".formatted(directory),
                MountCheck.toLocal(scene)));
      }
    } catch (IOException e) {
      refused(Code.NO_FLOCK, scene, "flock(2) does not work", directory, e, into);
    }
  }

  /** A disk without room refuses everything; that is a finding of its own. */
  private static void refused(
      Code code, Scene scene, String what, Path directory, Exception failure, List<Finding> into) {
    if (!FullDisk.is(failure)) {
      into.add(
          Finding.of(
              code,
              "In %s %s: %s.".formatted(directory, what, failure.getMessage()),
              MountCheck.toLocal(scene)));
    }
  }

  private static void sameName(Scene scene, Path directory, Path file, List<Finding> into)
      throws IOException {
    Path shouted = file.resolveSibling(Places.name(file).toUpperCase(Locale.ROOT));
    if (scene.disk().stat(shouted).isPresent()) {
      into.add(
          Finding.of(
              Code.CASE_INSENSITIVE,
              "%s takes upper and lower case for the same.".formatted(directory),
              MountCheck.toLocal(scene)));
    }
  }

  /** A file server writes the time of its own clock. */
  private static void clock(
      Scene scene, Path directory, Optional<FileStat> stat, List<Finding> into) {
    Instant now = scene.machine().clock().instant();
    stat.map(s -> Duration.between(FileStat.time(s.modifiedNanos()), now).abs())
        .filter(apart -> apart.compareTo(TOLERATED) > 0)
        .ifPresent(
            apart ->
                into.add(
                    Finding.of(
                        Code.CLOCK_DIFFERS,
                        "A file written to %s just now is dated %s away from this machine's clock."
                            .formatted(directory, Words.duration(apart)),
                        "sudo timedatectl set-ntp true")));
  }
}
