package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of 1 MiB that really is full. */
final class FullDiskTest {
  private static final byte[] BYTES = Bytes.of(1, 300_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);

  @TempDir Path directory;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = runs("mount", "-t", "tmpfs", "-o", "size=1m", "larder-test", directory.toString());
    Assumptions.assumeTrue(mounted, "this user may not mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(runs("umount", directory.toString())).isTrue();
    }
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void stage_moreThanFits_isRefusedBeforeAnythingIsWritten() {
    try (TestStore test = TestStore.in(directory)) {
      assertThatThrownBy(() -> test.store.stage(DIGEST, 2_000_000, Map.of()))
          .isInstanceOf(StoreException.StoreFull.class)
          .hasMessageContaining("2.0 MB")
          .hasMessageContaining("free space");
      try (StagedBlob staged = test.store.stage(DIGEST, 700_000, Map.of())) {
        assertThatThrownBy(() -> test.store.stage(DIGEST, 700_000, Map.of()))
            .isInstanceOf(StoreException.StoreFull.class);
        staged.discard();
      }
      assertThat(test.publish(BYTES)).isEqualTo(DIGEST);
    }
  }

  @Test
  void write_somebodyElseFillsTheDisk_failsClearlyAndLeavesNothing() throws Exception {
    try (TestStore test = TestStore.in(directory);
        StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of())) {
      Path filler = directory.resolve("filler");
      Files.write(filler, new byte[0]);
      fill(filler);
      assertThatThrownBy(() -> staged.write(0, ByteBuffer.wrap(BYTES)))
          .isInstanceOf(StoreException.StoreIo.class)
          .hasMessageContaining("No space left")
          .hasMessageContaining("free space");
      staged.discard();
      assertThat(test.names("tmp")).isEmpty();
      Files.delete(filler);
      assertThat(test.publish(BYTES)).isEqualTo(DIGEST);
    }
  }

  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
