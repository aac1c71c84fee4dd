package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file a user is told to delete when a disk is so full that nothing can be written. */
class ByHandTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
  private static final String BLOB = "a".repeat(64);

  @TempDir Path root;

  private Path file(String name, int bytes) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
    Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(1_000_000)));
    return file;
  }

  private List<Path> told() {
    Path hub = root.resolve("hub");
    return new ByHand(new LocalDisk(), hub, root.resolve("larder"), NOW).names();
  }

  @Test
  void filesThatAreNotTheCaches_areNeverTold() throws IOException {
    Path _ = file("hub/notes/blobs/thesis.pdf", 2 << 20);
    Path _ = file("hub/notes/blobs/" + BLOB, 2 << 20);
    Path _ = file("hub/models--o--r/blobs/thesis.pdf", 2 << 20);
    Path _ = file("hub/models--o--r/blobs/thesis.incomplete", 2 << 20);
    Path _ = file("elsewhere/blobs/" + BLOB, 2 << 20);
    Files.createSymbolicLink(root.resolve("hub/models--o--link"), root.resolve("elsewhere"));
    assertThat(told()).isEmpty();

    Path blob = file("hub/models--o--r/blobs/" + BLOB, 3 << 20);
    assertThat(told()).containsExactly(blob);
    Path part = file("hub/models--o--r/blobs/" + BLOB + ".0a1b2c3d.incomplete", 4 << 20);
    assertThat(told()).as("missed by nobody").containsExactly(part);
  }
}
