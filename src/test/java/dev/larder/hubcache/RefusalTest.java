package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RefusalTest {
  private static final Path ROOT = Path.of("/cache/hub");

  private static HubTreeException refused(String reason) {
    IOException cause = new FileSystemException("/cache/hub/refs/main", null, reason);
    return Refusal.of("write to", ROOT, cause);
  }

  /** As everywhere: exit code 7, and whoever can give room up does. */
  @ParameterizedTest
  @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
  void fullDisk_isWantOfRoom(String reason) {
    assertThat(refused(reason).code()).isEqualTo("store-full");
    assertThat(refused(reason)).hasMessageContaining("free some space on its disk");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Read-only file system", "Input/output error"})
  void everythingElse_isOfTheTree(String reason) {
    assertThat(refused(reason).code()).isEqualTo("hub-tree-io");
  }
}
