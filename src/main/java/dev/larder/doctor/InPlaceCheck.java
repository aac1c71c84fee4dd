package dev.larder.doctor;

import dev.larder.store.InPlaceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files that were adopted and stay where they are, grouped by the reason why. */
final class InPlaceCheck implements Check {
  @Override
  public String subject() {
    return "files served in place";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    Path notes = scene.larder().resolve("borrowed");
    if (!Files.isDirectory(notes) || !Files.isReadable(notes)) {
      return List.of();
    }
    Map<String, List<Path>> byReason = new TreeMap<>();
    for (InPlaceFile file : InPlaceFile.noted(scene.larder())) {
      // The file's own name would make each reason one of its own.
      String reason = file.reason().replace(file.file().toString(), "the file");
      byReason.computeIfAbsent(reason, _ -> new ArrayList<>()).add(file.file());
    }
    return byReason.entrySet().stream()
        .map(each -> finding(scene, each.getKey(), each.getValue()))
        .toList();
  }

  private static Finding finding(Scene scene, String reason, List<Path> files) {
    return Finding.of(
        Code.SERVED_IN_PLACE,
        "%s served in place (%s): %s."
            .formatted(
                files.size() == 1 ? "One file is" : files.size() + " files are",
                reason,
                Shell.some(files)),
        Owners.take(scene, scene.hub()));
  }
}
