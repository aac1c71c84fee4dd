package dev.larder.doctor;

import dev.larder.content.Sizes;
import dev.larder.hubcache.ByHand;
import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import dev.larder.store.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the disk has room, and whether the limits fit the disk. */
final class SpaceCheck implements Check {
  /** Less than a catalog needs for its next transaction. */
  private static final long NOTHING = 8L << 20;

  /** With less a removal cannot be written down. */
  private static final long LITTLE = 1 << 20;

  /** A snapshot of a large model has hundreds of files, each with a link or two. */
  private static final long FEW_INODES = 1000;

  /** The smallest file system is as good as full with less. */
  private static final long LEAST = 16;

  private static final long MEGABYTE = 1_000_000;
  private static final String PRUNE = "larder prune --older-than 30d";

  @Override
  public String subject() {
    return "free space";
  }

  /** Whether nothing can be written to where {@code path}, which exists, lies. */
  static boolean full(Path path) throws IOException {
    Volume volume = Volume.of(path);
    return volume.freeBytes() < 1 || (volume.inodes() > 0 && volume.freeInodes() < 1);
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    Path at = Places.existing(scene.home());
    Volume volume = Volume.of(at);
    return judge(scene.settings(), at, volume, () -> emptied(scene, at, volume));
  }

  /** What works also without a byte: a prune then needs a ballast, or a file deleted by hand. */
  private static String emptied(Scene scene, Path at, Volume volume) {
    if (volume.freeBytes() >= Math.min(LITTLE, volume.totalBytes() / 100)
        || scene.stat(scene.larder().resolve("ballast")).isPresent()) {
      return PRUNE;
    }
    List<Path> names = new ByHand(scene.disk(), scene.hub(), scene.larder(), scene.now()).names();
    return names.isEmpty()
        ? "free 1 MB on the file system of %s, then %s".formatted(at, PRUNE)
        : "rm -f %s && %s"
            .formatted(String.join(" ", names.stream().map(Shell::quoted).toList()), PRUNE);
  }

  static List<Finding> judge(Settings settings, Path at, Volume volume, Supplier<String> emptied) {
    List<Finding> findings = new ArrayList<>();
    room(settings, at, volume, emptied).ifPresent(findings::add);
    if (volume.inodes() > 0
        && volume.freeInodes() < Math.min(FEW_INODES, Math.max(LEAST, volume.inodes() / 10))) {
      findings.add(
          Finding.of(
              Code.NO_INODES,
              "The file system of %s has %d of %d inodes left."
                  .formatted(at, volume.freeInodes(), volume.inodes()),
              PRUNE));
    }
    budget(settings, at, volume).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> room(
      Settings settings, Path at, Volume volume, Supplier<String> emptied) {
    long floor = settings.minFreeBytes();
    String of = "%s of %s".formatted(size(volume.freeBytes()), size(volume.totalBytes()));
    String from = settings.place(Setting.MIN_FREE);
    if (floor >= volume.totalBytes()) {
      return Optional.of(
          Finding.of(
              Code.FLOOR_ABOVE_DISK,
              "LARDER_MIN_FREE is %s (%s), and the file system of %s has %s in all."
                  .formatted(size(floor), from, at, size(volume.totalBytes())),
              export(Setting.MIN_FREE, volume.totalBytes() / 20)));
    }
    if (volume.freeBytes() < Math.min(NOTHING, volume.totalBytes() / 100)) {
      return Optional.of(
          Finding.of(
              Code.DISK_FULL,
              "The file system of %s has %s left.".formatted(at, of),
              emptied.get()));
    }
    return volume.freeBytes() < floor
        ? Optional.of(
            Finding.of(
                Code.BELOW_FLOOR,
                "The file system of %s has %s left; LARDER_MIN_FREE is %s (%s)."
                    .formatted(at, of, size(floor), from),
                PRUNE))
        : Optional.empty();
  }

  private static Optional<Finding> budget(Settings settings, Path at, Volume volume) {
    long most = volume.totalBytes() - Math.min(settings.minFreeBytes(), volume.totalBytes());
    return settings
        .maxSizeBytes()
        .filter(budget -> budget > most)
        .map(
            budget ->
                Finding.of(
                    Code.BUDGET_ABOVE_DISK,
                    "LARDER_MAX_SIZE is %s, and the file system of %s holds %s beside what"
                            .formatted(size(budget), at, size(most))
                        + " LARDER_MIN_FREE keeps free.",
                    export(Setting.MAX_SIZE, most)));
  }

  private static String export(Setting setting, long bytes) {
    return Shell.export(setting.variable(), Math.max(1, bytes / MEGABYTE) + "MB");
  }

  private static String size(long bytes) {
    return Sizes.format(bytes);
  }
}
