package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.RepoId;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  /** In a locale without UTF-8 most names are such; NUL is one everywhere. */
  @Test
  void nameThatCannotBeWritten_isRefusedInWordsWhateverIsDone(@TempDir Path directory) {
    try (BlobStore store =
        LocalBlobStore.open(
            directory.resolve("larder"),
            new LocalDisk(),
            new MemoryLedger(),
            StoreLimits.none(),
            InstantSource.system())) {
      HubTree tree = LocalHubTree.open(directory.resolve("hub"), new LocalDisk(), store);

      assertThatThrownBy(() -> tree.stat(RepoId.model("o/r"), "a\0b"))
          .isInstanceOf(HubTreeException.class)
          .hasMessageContaining("UTF-8");
      assertThatThrownBy(() -> tree.clearing().removeLoose(RepoId.model("o/r"), "a\0b"))
          .isInstanceOf(HubTreeException.class)
          .hasMessageContaining("UTF-8");
    }
  }
}
