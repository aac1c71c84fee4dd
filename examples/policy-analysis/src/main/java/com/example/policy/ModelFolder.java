package com.example.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the files of a model are, below the directory that was given at the start. */
final class ModelFolder {
  private ModelFolder() {}

  /**
   * {@code models/NAME}, a folder or a link to a snapshot; else, in a Hugging Face cache, the
   * snapshot of the branch main of a repo with that name.
   */
  static Path find(Path models, String name) throws IOException {
    if (!Files.isDirectory(models)) {
      throw new IOException(
          "There is no folder " + models + ". --models names the one that has the models.");
    }
    Path folder = models.resolve(name);
    if (Files.isDirectory(folder)) {
      return folder.toRealPath();
    }
    for (Path repo : repos(models, name)) {
      Path main = repo.resolve("refs/main");
      if (Files.isRegularFile(main)) {
        Path snapshot = repo.resolve("snapshots").resolve(Files.readString(main).strip());
        if (Files.isDirectory(snapshot)) {
          return snapshot.toRealPath();
        }
      }
    }
    throw new IOException(
        "There is no model "
            + name
            + " in "
            + models
            + ". Link it to the snapshot that"
            + " \"larder pull\" prints: ln -s \"$(larder pull REPO)\" "
            + folder);
  }

  private static List<Path> repos(Path models, String name) throws IOException {
    try (Stream<Path> all = Files.list(models)) {
      return all.filter(repo -> repo.getFileName().toString().matches("models--.*"))
          .filter(repo -> repo.getFileName().toString().endsWith("--" + name))
          .sorted()
          .toList();
    }
  }
}
