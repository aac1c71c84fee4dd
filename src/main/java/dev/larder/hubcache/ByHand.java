package dev.larder.hubcache;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a user may delete by hand on a disk so full that not even a removal can be written down: all
 * names of one file, the least missed first. Its bytes come free and the cache stays whole but for
 * that file, which is downloaded again when it is wanted. Only looks.
 */
public final class ByHand {
  /** As much as a catalog needs to be opened and to note what goes, and some more. */
  private static final long ENOUGH_BYTES = 1 << 20;

  /** An attempt that wrote nothing for so long has been given up. */
  private static final Duration GIVEN_UP = Duration.ofDays(1);

  private final Disk disk;
  private final Path hub;
  private final Path larder;
  private final Instant now;

  private record Found(FileStat stat, List<Path> names) {}

  public ByHand(Disk disk, Path hub, Path larder, Instant now) {
    this.disk = disk;
    this.hub = hub;
    this.larder = larder;
    this.now = now;
  }

  /** Empty when there is none whose bytes would come free. */
  public List<Path> names() {
    List<Found> givenUp = new ArrayList<>();
    List<Found> whole = new ArrayList<>();
    list(larder.resolve("tmp")).forEach(path -> alone(path).ifPresent(givenUp::add));
    for (Path blobs : blobDirectories()) {
      for (Path path : list(blobs)) {
        if (isUnfinished(HubLayout.nameOf(path))) {
          alone(path).ifPresent(givenUp::add);
        } else if (isBlob(HubLayout.nameOf(path))) {
          alone(path).or(() -> shared(path)).ifPresent(whole::add);
        }
      }
    }
    givenUp.removeIf(each -> !isOld(each.stat()));
    return smallest(givenUp)
        .or(() -> smallest(whole))
        .or(() -> whole.stream().max(Comparator.comparing(each -> each.stat().sizeBytes())))
        .map(Found::names)
        .orElse(List.of());
  }

  /** Of repos alone, and of no link: what else lies beside them is not the cache's. */
  private List<Path> blobDirectories() {
    return list(hub).stream()
        .filter(folder -> LocalTreeClearing.repoOf(HubLayout.nameOf(folder)).isPresent())
        .filter(this::isDirectory)
        .map(folder -> folder.resolve(HubLayout.BLOBS))
        .filter(this::isDirectory)
        .toList();
  }

  private boolean isDirectory(Path path) {
    return stat(path).filter(stat -> stat.kind() == FileStat.Kind.DIRECTORY).isPresent();
  }

  /** As a client calls a download: after the blob that it is to become. */
  private static boolean isUnfinished(String name) {
    return TempNames.is(name) && isBlob(name.substring(0, name.indexOf('.')));
  }

  private static boolean isBlob(String name) {
    try {
      Identity _ = Identity.ofHex(name);
      return true;
    } catch (InvalidName _) {
      return false; // A user's own file.
    }
  }

  /** That gives enough. */
  private static Optional<Found> smallest(List<Found> all) {
    return all.stream()
        .filter(each -> each.stat().sizeBytes() >= ENOUGH_BYTES)
        .min(Comparator.comparing(each -> each.stat().sizeBytes()));
  }

  private boolean isOld(FileStat stat) {
    return FileStat.time(stat.modifiedNanos()).isBefore(now.minus(GIVEN_UP));
  }

  private Optional<Found> alone(Path path) {
    return file(path, 1).map(stat -> new Found(stat, List.of(path)));
  }

  /** One that the store has too, and nobody else. */
  private Optional<Found> shared(Path path) {
    String name = path.getFileName().toString();
    if (name.length() != 64) {
      return Optional.empty();
    }
    Path stored = larder.resolve("store/sha256").resolve(name.substring(0, 2)).resolve(name);
    return file(path, 2)
        .filter(stat -> file(stored, 2).filter(it -> it.inode() == stat.inode()).isPresent())
        .map(stat -> new Found(stat, List.of(path, stored)));
  }

  private Optional<FileStat> file(Path path, int links) {
    return stat(path).filter(it -> it.kind() == FileStat.Kind.FILE && it.links() == links);
  }

  private Optional<FileStat> stat(Path path) {
    try {
      return disk.stat(path);
    } catch (IOException _) {
      return Optional.empty(); // Nor could the user delete it.
    }
  }

  private List<Path> list(Path directory) {
    try {
      return disk.list(directory);
    } catch (IOException _) {
      return List.of(); // A file, or another user's.
    }
  }
}
