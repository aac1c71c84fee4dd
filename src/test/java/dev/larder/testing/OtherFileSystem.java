package dev.larder.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory to which no file of the temporary folder can be linked: in {@code /dev/shm}. Skips
 * the test where that is the same file system.
 */
public final class OtherFileSystem implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path directory;

  private OtherFileSystem(Path directory) {
    this.directory = directory;
  }

  /** Other than that of {@code here}. */
  public static OtherFileSystem than(Path here) throws IOException {
    assumeTrue(Files.isWritable(MEMORY), "there is no " + MEMORY + " to write to");
    Object device = Files.getAttribute(here, "unix:dev");
    assumeTrue(
        !Files.getAttribute(MEMORY, "unix:dev").equals(device),
        MEMORY + " is the file system of the temporary folder");
    return new OtherFileSystem(Files.createTempDirectory(MEMORY, "larder-test"));
  }

  public Path directory() {
    return directory;
  }

  /** Removes what is in it. */
  public void empty() throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).filter(f -> !f.equals(directory)).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    empty();
    Files.delete(directory);
  }
}
