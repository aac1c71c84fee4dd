package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A volume that others fill: what is here goes on, and what is new makes room for itself. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class ServeNoRoomTest extends BudgetFixture {
  private static final int KEPT = 6;

  @Test
  void fullVolume_hitsGoOn_andNewFilesEvictOldOnes() throws Exception {
    offer(KEPT + 4);
    try (Mounted _ = Mounted.tmpfs(root, 40 << 20);
        AutoCloseable _ = this::stop) {
      start("MIN_FREE", "0B");
      IntStream.range(0, KEPT).forEach(this::fetch);
      await("the ballast is aboard", () -> Files.exists(ballast()));
      Path filler = root.resolve("filler");
      fill(filler);

      for (int i = 0; i < KEPT; i++) {
        Got hit = get(path(i));
        assertThat(hit.cache()).isEqualTo("HIT");
        assertThat(hit.body()).isEqualTo(bytes(i));
      }
      for (int i = KEPT; i < KEPT + 4; i++) {
        Got got = get(path(i));
        assertThat(got.body()).isEqualTo(bytes(i));
        assertThat(got.cache()).isIn("MISS", "BYPASS");
      }
      await("old files went for new ones", () -> !isStored(0) && isStored(KEPT + 3));
      Files.delete(filler);
      for (int i = 0; i < KEPT; i++) {
        Path ref = root.resolve("hub/models--o--m%d/refs/main".formatted(i));
        int number = i;
        String cache = get(path(i)).cache();
        assertThat(cache).isEqualTo(i == 0 ? "MISS" : cache);
        await("Python finds it by its branch", () -> isShown(number) && Files.exists(ref));
      }
      OnDisk disk = stop();
      assertThat(disk.unfinished()).isEmpty();
      assertThat(disk.blobs()).isNotEmpty();
    }
  }

  private Path ballast() {
    return root.resolve("larder/ballast");
  }

  @Test
  void volumeWithoutInodes_hitsGoOn_andNewFilesComeAsSoonAsThereIsOne() throws Exception {
    offer(KEPT + 2);
    try (Mounted _ = Mounted.tmpfs(root, 40 << 20, 600);
        AutoCloseable _ = this::stop) {
      start("MIN_FREE", "0B");
      IntStream.range(0, KEPT).forEach(this::fetch);
      List<Path> fillers = fillInodes(root.resolve("filler"));

      for (int i = 0; i < KEPT; i++) {
        assertThat(get(path(i)).body()).isEqualTo(bytes(i));
      }
      Got pressed = get(path(KEPT));
      assertThat(pressed.body()).isEqualTo(bytes(KEPT));

      for (Path filler : fillers) {
        Files.delete(filler);
      }
      Got after = get(path(KEPT + 1));
      assertThat(after.body()).isEqualTo(bytes(KEPT + 1));
      assertThat(after.cache()).isEqualTo("MISS");
      OnDisk disk = stop();
      assertThat(disk.unfinished()).isEmpty();
    }
  }

  private static List<Path> fillInodes(Path directory) throws IOException {
    List<Path> made = new ArrayList<>();
    Files.createDirectory(directory);
    try {
      while (true) {
        made.add(Files.createFile(directory.resolve("f" + made.size())));
      }
    } catch (IOException full) {
      return made;
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      for (boolean room = true; room; ) {
        try {
          out.write(block);
        } catch (IOException full) {
          room = false;
        }
      }
    }
  }
}
