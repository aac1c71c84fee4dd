package dev.larder.doctor;

import dev.larder.content.FileStat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether everybody can write to what lies in the cache directory, or not even its owner may read
 * it. Looks at repos' directories and files for two seconds at most.
 */
final class TreeModeCheck implements Check {
  private static final int OTHERS_WRITE = 0002;
  private static final int STICKY = 01000;
  private static final int OWNER_READS = 0400;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Override
  public String subject() {
    return "modes of repos";
  }

  @Override
  public List<Finding> look(Scene scene) {
    List<Path> open = new ArrayList<>();
    List<Path> closed = new ArrayList<>();
    Instant end = scene.machine().clock().instant().plus(PATIENCE);
    for (Path repo : Places.repos(scene.hub())) {
      for (Path path : paths(repo)) {
        scene.stat(path).ifPresent(stat -> sort(path, stat, open, closed));
      }
      if (scene.machine().clock().instant().isAfter(end)) {
        break;
      }
    }
    return findings(scene, open, closed);
  }

  private static List<Path> paths(Path repo) {
    List<Path> paths = new ArrayList<>(List.of(repo));
    for (String part : List.of("blobs", "refs", "snapshots")) {
      paths.add(repo.resolve(part));
    }
    paths.addAll(Places.in(repo.resolve("blobs")));
    return paths;
  }

  private static void sort(Path path, FileStat stat, List<Path> open, List<Path> closed) {
    if (stat.kind() != FileStat.Kind.FILE && stat.kind() != FileStat.Kind.DIRECTORY) {
      return;
    }
    if ((stat.mode() & OTHERS_WRITE) != 0 && (stat.mode() & STICKY) == 0) {
      open.add(path);
    }
    if (stat.kind() == FileStat.Kind.FILE && (stat.mode() & OWNER_READS) == 0) {
      closed.add(path);
    }
  }

  private static List<Finding> findings(Scene scene, List<Path> open, List<Path> closed) {
    List<Finding> findings = new ArrayList<>();
    String hub = Shell.quoted(scene.hub());
    if (!open.isEmpty()) {
      findings.add(
          Finding.of(
              Code.WORLD_WRITABLE,
              "Everybody may write to %s.".formatted(Shell.some(open)),
              "find %s ! -type l -perm -2 ! -perm -1000 -exec chmod o-w {} +".formatted(hub)));
    }
    if (!closed.isEmpty()) {
      findings.add(
          Finding.of(
              Code.TREE_UNREADABLE,
              "Not even its owner may read %s.".formatted(Shell.some(closed)),
              "find %s -type f ! -perm -400 -exec chmod u+r {} +".formatted(hub)));
    }
    return findings;
  }
}
