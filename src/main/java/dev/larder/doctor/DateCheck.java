package dev.larder.doctor;

import dev.larder.content.FileStat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether something is dated later than now. */
final class DateCheck implements Check {
  private static final Duration TOLERATED = Duration.ofHours(1);

  @Override
  public String subject() {
    return "dates of files";
  }

  @Override
  public List<Finding> look(Scene scene) {
    if (ClockCheck.wrong(scene.now())) {
      return List.of(); // Then nothing can be said of dates.
    }
    List<Path> later = new ArrayList<>();
    for (Path path : paths(scene)) {
      FileStat stat = scene.stat(path).orElse(null);
      if (stat != null && scene.age(stat.modifiedNanos()).plus(TOLERATED).isNegative()) {
        later.add(path);
      }
    }
    return later.isEmpty()
        ? List.of()
        : List.of(
            Finding.of(
                Code.TIMES_IN_FUTURE,
                "%s later than now: %s."
                    .formatted(
                        later.size() == 1 ? "A file is dated" : later.size() + " files are dated",
                        Shell.some(later)),
                "touch " + String.join(" ", later.stream().map(Shell::quoted).toList())));
  }

  /** Directories, which are dated when something in them changes, and what changes often. */
  private static List<Path> paths(Scene scene) {
    List<Path> paths = new ArrayList<>(List.of(scene.home(), scene.hub(), scene.larder()));
    paths.addAll(Places.in(scene.larder()));
    for (Path repo : Places.repos(scene.hub())) {
      for (String part : List.of("blobs", "snapshots", "refs")) {
        paths.add(repo.resolve(part));
      }
      paths.addAll(Places.in(repo.resolve("refs")));
    }
    return paths;
  }
}
