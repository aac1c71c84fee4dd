package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a root holds, read with nothing but the file system. */
record OnDisk(Path root) {
  /** Published blobs; each was checked to hash to its name and to be read-only. */
  List<Path> blobs() {
    List<Path> blobs = below("larder/store/sha256");
    for (Path blob : blobs) {
      assertThat(Bytes.digest(bytes(blob)).hex()).isEqualTo(blob.getFileName().toString());
      assertThat(blob).satisfies(file -> assertThat(permissions(file)).isEqualTo("r--r--r--"));
    }
    return blobs;
  }

  List<Path> unfinished() {
    return below("larder/tmp");
  }

  List<Path> quarantined() {
    return below("larder/quarantine");
  }

  /** Everything that is no directory below a repo's folder of the hub tree, as relative names. */
  List<String> tree(String folder) {
    Path from = root.resolve("hub").resolve(folder);
    return below("hub/" + folder).stream().map(file -> from.relativize(file).toString()).toList();
  }

  Path inTree(String folder, String name) {
    return root.resolve("hub").resolve(folder).resolve(name);
  }

  private List<Path> below(String directory) {
    Path from = root.resolve(directory);
    if (!Files.isDirectory(from)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(from)) {
      return files
          .filter(file -> !Files.isDirectory(file, java.nio.file.LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String permissions(Path file) {
    try {
      return java.nio.file.attribute.PosixFilePermissions.toString(
          Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
