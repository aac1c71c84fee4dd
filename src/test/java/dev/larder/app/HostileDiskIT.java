package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, and disks that may only be read. */
@EnabledOnOs(OS.LINUX)
class HostileDiskIT {
  private static final int BIG = 9 << 20;

  @TempDir Path scratch;

  private final FakeHub hub = FakeHub.start();

  @BeforeEach
  void offer() {
    hub.model("o/n").lfsGenerated("big.bin", BIG, 1).file("config.json", "{}").commit("main");
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Product larder(Path home) {
    return Product.before(hub, scratch, home);
  }

  private static void refused(Product.Ran ran, int exit, String... said) {
    assertThat(ran.exit()).as(ran.err()).isEqualTo(exit);
    assertThat(ran.err())
        .startsWith("larder: ")
        .contains(said)
        .doesNotContain("\tat ", "Exception");
  }

  @Test
  void pull_fullDisk_leavesNothingHalfDoneAndWorksOnceThereIsRoom() throws Exception {
    Path home = scratch.resolve("small");
    try (Mounted _ = Mounted.tmpfs(home, 14 << 20)) {
      Path ballast = Files.write(home.resolve("ballast"), new byte[8 << 20]);
      refused(larder(home).run("pull", "o/n"), 7, "free space");
      // The small file of the repo may have been on its way; it goes on from there.
      assertThat(files(home.resolve("larder/tmp"))).allMatch(file -> file.toFile().length() < 4096);
      Files.delete(ballast);
      Product.Ran again = larder(home).run("pull", "o/n");
      assertThat(again.exit()).as(again.err()).isZero();
      assertThat(larder(home).run("verify").exit()).isZero();
    }
  }

  @Test
  void serve_fullDisk_passesOnAndKeepsOnceThereIsRoom() throws Exception {
    Path home = scratch.resolve("small");
    try (Mounted _ = Mounted.tmpfs(home, 14 << 20);
        Product.Server server = larder(home).serve(home)) {
      URI address = server.ready();
      Path ballast = Files.write(home.resolve("ballast"), new byte[8 << 20]);
      for (int i = 0; i < 2; i++) {
        HttpResponse<byte[]> full = get(address);
        assertThat(full.statusCode()).isEqualTo(200);
        assertThat(full.headers().firstValue("X-Larder-Cache")).contains("BYPASS");
        assertThat(full.body()).hasSize(BIG);
      }
      assertThat(files(home.resolve("larder/tmp"))).isEmpty();
      Files.delete(ballast);
      HttpResponse<byte[]> again = get(address);
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(again.headers().firstValue("X-Larder-Cache")).contains("MISS");
      assertThat(again.body()).hasSize(BIG);
      assertThat(server.stop()).isZero();
      assertThat(server.log()).containsOnlyOnce("disk.floor").doesNotContain("\tat ");
    }
  }

  @Test
  void commands_notOneByteFree_readAndRefuseToWrite() throws Exception {
    Path home = scratch.resolve("small");
    try (Mounted _ = Mounted.tmpfs(home, 14 << 20)) {
      assertThat(larder(home).run("pull", "o/n").exit()).isZero();
      try (Product.Server server = larder(home).serve(home)) {
        URI address = server.ready();
        fill(home.resolve("ballast"));
        assertThat(get(address).statusCode()).as("cached").isEqualTo(200);
        Files.delete(home.resolve("ballast"));
        assertThat(server.stop()).isZero();
      }
      fill(home.resolve("ballast"));
      refused(larder(home).run("pull", "o/n"), 7, "free s");
      refused(larder(home).run("serve", "--port", "0"), 7, "free s");
      Product.Ran listed = larder(home).run("ls");
      assertThat(listed.exit()).as(listed.err()).isZero();
      assertThat(listed.out()).contains("o/n");
      assertThat(larder(home).run("verify").exit()).isZero();
      Files.delete(home.resolve("ballast"));
      assertThat(larder(home).run("verify").exit()).isZero();
      assertThat(larder(home).run("pull", "o/n").exit()).isZero();
    }
  }

  private static void fill(Path ballast) throws IOException {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(ballast)) {
      for (boolean room = true; room; ) {
        try {
          out.write(block);
        } catch (IOException full) {
          assertThat(full).hasMessageContaining("No space left");
          room = false;
        }
      }
    }
  }

  private static HttpResponse<byte[]> get(URI address) throws Exception {
    URI file = address.resolve("/hf/o/n/resolve/main/big.bin");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(file).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  @Test
  void commands_readOnlyRoot_readAndRefuseToWrite() throws Exception {
    Path home = scratch.resolve("home");
    assertThat(larder(home).run("pull", "o/n").exit()).isZero();
    Path mounted = scratch.resolve("mounted");
    try (Mounted _ = Mounted.readOnly(home, mounted)) {
      Product reader = larder(mounted);
      refused(reader.run("serve", "--port", "0"), 1, "Read-only file system");
      refused(reader.run("pull", "o/n"), 1, "Read-only file system");
      refused(reader.run("verify", "--repair"), 1, "Read-only file system");
      Product.Ran listed = reader.run("ls", "--json");
      assertThat(listed.exit()).as(listed.err()).isZero();
      assertThat(listed.out()).contains("\"o/n\"", "complete");
      Product.Ran checked = reader.run("verify");
      assertThat(checked.exit()).as(checked.err()).isZero();
      assertThat(checked.out()).contains("all sound");
      assertThat(reader.run("stats").exit()).isZero();
      damage(home);
      Product.Ran found = reader.run("verify");
      assertThat(found.exit()).as(found.err()).isEqualTo(4);
      assertThat(found.out()).contains("damaged blob", "big.bin");
    }
  }

  @Test
  void output_thatCannotBeWritten_isAFailureAndAReaderThatHasEnoughIsNot() throws Exception {
    Path home = Files.createDirectory(scratch.resolve("home"));
    Product.Ran full = larder(home).under("sh", "-c", "\"$@\" > /dev/full", "sh").run("config");
    refused(full, 7, "could be written", "No space left");
    Product.Ran closed = larder(home).under("sh", "-c", "\"$@\" >&-", "sh").run("config");
    refused(closed, 1, "could be written");
    Product.Ran enough =
        larder(home)
            .under("bash", "-c", "\"$@\" | head -1; exit ${PIPESTATUS[0]}", "bash")
            .run("config", "reference");
    assertThat(enough.exit()).as(enough.err()).isZero();
    assertThat(enough.err()).isEmpty();
  }

  private static void damage(Path home) throws IOException {
    Path big =
        files(home.resolve("larder/store")).stream()
            .filter(file -> file.toFile().length() == BIG)
            .findFirst()
            .orElseThrow();
    try (var file = new java.io.RandomAccessFile(big.toFile(), "rw")) {
      file.seek(BIG / 2);
      file.write(~file.read());
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> found = Files.walk(directory)) {
      return found.filter(Files::isRegularFile).toList();
    }
  }
}
