package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Whose the files are. Looks at directories and at what Larder itself keeps, not at each blob. */
final class OwnerCheck implements Check {
  @Override
  public String subject() {
    return "owners";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    OptionalLong user = scene.process().uid();
    if (user.isEmpty() || !Files.isDirectory(scene.home())) {
      return List.of();
    }
    return user.getAsLong() == 0 ? asRoot(scene) : asUser(scene, user);
  }

  /** Root may do everything, and that is the trouble. */
  private static List<Finding> asRoot(Scene scene) throws IOException {
    Path cache = Files.isDirectory(scene.hub()) ? scene.hub() : scene.home();
    long owner = Owners.of(cache).uid();
    return owner == 0
        ? List.of()
        : List.of(
            Finding.of(
                Code.RUNS_AS_ROOT,
                "This is root, and %s belongs to user %d.".formatted(cache, owner),
                "sudo -u '#%d' larder doctor".formatted(owner)));
  }

  private static List<Finding> asUser(Scene scene, OptionalLong user) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<Path> own = foreign(own(scene), user);
    if (!own.isEmpty()) {
      findings.add(
          Finding.of(
              Code.FOREIGN_OWNER,
              "%s of Larder's own %s to another user: %s."
                  .formatted(own.size(), own.size() == 1 ? "belongs" : "belong", Shell.some(own)),
              Owners.take(scene, scene.larder())));
    }
    List<Path> repos = foreign(repos(scene), user);
    if (!repos.isEmpty()) {
      findings.add(
          Finding.of(
              Code.FOREIGN_REPOS,
              "%s of %s %s to another user: %s."
                  .formatted(
                      Words.count(repos.size(), "directory", "directories"),
                      scene.hub(),
                      repos.size() == 1 ? "belongs" : "belong",
                      Shell.some(repos)),
              Owners.take(scene, scene.hub())));
    }
    return findings;
  }

  private static List<Path> own(Scene scene) {
    List<Path> own = new ArrayList<>();
    if (Files.exists(scene.larder(), LinkOption.NOFOLLOW_LINKS)) {
      own.add(scene.larder());
      own.addAll(Places.in(scene.larder()));
      own.addAll(Places.in(scene.larder().resolve("store/sha256")));
      own.addAll(Places.in(scene.larder().resolve("tmp")));
    }
    return own;
  }

  private static List<Path> repos(Scene scene) {
    List<Path> directories = new ArrayList<>();
    for (Path repo : Places.repos(scene.hub())) {
      directories.add(repo);
      for (String part : List.of("blobs", "snapshots", "refs")) {
        Path directory = repo.resolve(part);
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
          directories.add(directory);
        }
      }
    }
    return directories;
  }

  private static List<Path> foreign(List<Path> paths, OptionalLong user) throws IOException {
    List<Path> foreign = new ArrayList<>();
    for (Path path : paths) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Owners.of(path).foreignTo(user)) {
        foreign.add(path);
      }
    }
    return foreign;
  }
}
