package dev.larder.doctor;

import dev.larder.settings.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Caches of transformers before 4.22 and huggingface_hub before 0.9: files named by the hashes of
 * their address and ETag, each with a {@code .json} beside it.
 */
final class OldLayoutCheck implements Check {
  private static final Pattern SIDECAR =
      Pattern.compile("([0-9a-f]{64}(?:\\.[0-9a-f]{64})?(?:\\.h5)?)\\.json");

  @Override
  public String subject() {
    return "old layouts";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (Path directory : directories(scene)) {
      long files = 0;
      for (Path path : Places.in(directory)) {
        Matcher name = SIDECAR.matcher(Places.name(path));
        if (name.matches() && Files.isRegularFile(directory.resolve(name.group(1)))) {
          files++;
        }
      }
      if (files > 0) {
        findings.add(finding(directory, files));
      }
    }
    return findings;
  }

  private static Finding finding(Path directory, long files) {
    return Finding.of(
        Code.OLD_LAYOUT,
        "%s has %s that an old transformers or huggingface_hub wrote."
            .formatted(directory, Words.files(files)),
        "find %s -maxdepth 1 -type f -regextype posix-extended -regex '.*/[0-9a-f]{64}[^/]*' -delete"
            .formatted(Shell.quoted(directory)));
  }

  private static Set<Path> directories(Scene scene) {
    PythonPaths python = PythonPaths.of(scene);
    Set<Path> directories = new LinkedHashSet<>();
    for (Location location : scene.settings().locations()) {
      directories.add(location.hub());
      directories.add(location.root());
      directories.add(location.root().resolve("transformers"));
    }
    directories.add(python.home().resolve("transformers"));
    String named = scene.environment().getOrDefault("TRANSFORMERS_CACHE", "");
    if (!named.isEmpty()) {
      directories.add(python.expanded(named));
    }
    directories.add(scene.machine().sources().userHome().resolve(".cache/torch/transformers"));
    return directories;
  }
}
