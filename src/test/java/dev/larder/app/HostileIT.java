package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.FakeHub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input, by the command line: a sentence, the right exit code, and nothing lost. */
class HostileIT {
  private static final String NOWHERE = "http://127.0.0.1:9";

  @TempDir Path scratch;

  private final FakeHub hub = FakeHub.start();

  @AfterEach
  void close() {
    hub.close();
  }

  private Path home() {
    return scratch.resolve("home");
  }

  private Product larder() {
    return Product.before(hub, scratch, home());
  }

  /** One line that a person can act on. */
  private static void refused(Product.Ran ran, int exit, String... said) {
    assertThat(ran.exit()).as(ran.err()).isEqualTo(exit);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .startsWith("larder: ")
        .contains(said)
        .doesNotContain("\tat ", "Exception");
    assertThat(ran.err().strip().lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/..", "a/%2e%2e", "a\\b/c", "a/b@..", "a/b@x\\y", "a/b/c/d"})
  void pull_badRepo_isWrongUsage(String repo) throws Exception {
    refused(larder().run("pull", repo), 2, "is not a valid");
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void pull_badFiles_areWrongUsage() throws Exception {
    for (String file : List.of("../x", "x\\y", "/etc/passwd", "a".repeat(300), "a\nb")) {
      refused(larder().run("pull", "a/b", file), 2, "is not a valid file path");
    }
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void commands_badSettings_nameThemAndTheNearest() throws Exception {
    refused(larder().set("LARDER_PORTS", "1").run("ls"), 2, "LARDER_PORTS", "LARDER_PORT?");
    refused(larder().set("LARDER_MIN_FREE", "5XB").run("ls"), 2, "LARDER_MIN_FREE", "5XB");
    refused(
        larder().set("LARDER_DATABASE", "jdbc:postgresql://x/y").run("ls"),
        2,
        "LARDER_DATABASE",
        "not available yet");
  }

  @Test
  void pull_hubAway_saysSoWithSix() throws Exception {
    refused(
        larder().set("LARDER_HUB_UPSTREAM", NOWHERE).run("pull", "a/b"),
        6,
        "did not take the connection");
  }

  @Test
  void verify_ofWhatIsNotCached_fails() throws Exception {
    refused(larder().run("verify", "a/b"), 2, "There is no directory " + home());
    assertThat(home()).doesNotExist();
    Files.createDirectories(home());
    refused(larder().run("verify", "a/b"), 1, "a/b is not cached");
  }

  @Test
  void serve_portInUse_saysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      refused(larder().run("serve", "--port", port), 1, port, "another process");
    }
  }

  @Test
  void serve_twiceOnOneRoot_theSecondIsRefused() throws Exception {
    try (Product.Server first = larder().serve(home())) {
      URI address = first.ready();
      refused(larder().run("serve", "--port", "0"), 1, address.toString(), "serves it already");
      assertThat(first.stop()).isZero();
    }
    assertThat(larder().run("ls").exit()).isZero();
  }

  @Test
  void serve_rootIsAFile_saysSo() throws Exception {
    Files.writeString(home(), "");
    refused(larder().run("serve", "--port", "0"), 1, "is not a directory");
  }

  @Test
  void pull_twoAtOnce_bothEndWell() throws Exception {
    hub.model("o/n").lfsGenerated("big.bin", 12 << 20, 1).file("config.json", "{}").commit("main");
    hub.throttle(4 << 20);
    FutureTask<Product.Ran> other = new FutureTask<>(() -> larder().run("pull", "o/n"));
    Thread.ofVirtual().start(other);
    List<Product.Ran> both = List.of(larder().run("pull", "o/n"), other.get());
    // There is no server to ask, so the one that comes later waits for the other.
    assertThat(both).allSatisfy(ran -> assertThat(ran.exit()).as(ran.err()).isZero());
    assertThat(both).anySatisfy(ran -> assertThat(ran.err()).contains("waiting for it"));
    assertThat(hub.fileBytesSent()).isLessThan(13 << 20);
  }

  @Test
  void serve_corruptCatalog_isRebuiltAndServesWithoutFetching() throws Exception {
    Commit commit =
        hub.model("o/n")
            .lfsGenerated("big.bin", 9 << 20, 1)
            .file("config.json", "{}")
            .commit("main");
    assertThat(larder().run("pull", "o/n").exit()).isZero();
    hub.clearLog();
    damage(home().resolve("larder/catalog.db"));
    try (Product.Server server = larder().serve(home())) {
      URI address = server.ready();
      assertThat(length(address, "o/n/resolve/main/big.bin")).isEqualTo(9 << 20);
      assertThat(length(address, "o/n/resolve/" + commit.hex() + "/config.json")).isEqualTo(2);
      assertThat(server.log()).contains("The catalog was damaged and is set aside");
      assertThat(server.stop()).isZero();
    }
    assertThat(hub.fileBytesSent()).as("bytes fetched again").isZero();
    hub.away();
    damage(home().resolve("larder/catalog.db"));
    Product.Ran pulled = larder().set("LARDER_OFFLINE", "true").run("pull", "o/n");
    assertThat(pulled.exit()).as(pulled.err()).isZero();
    damage(home().resolve("larder/catalog.db"));
    try (Product.Server server =
        larder().set("LARDER_OFFLINE", "true").set("LARDER_ADOPTED", "public").serve(home())) {
      URI address = server.ready();
      assertThat(length(address, "o/n/resolve/main/config.json")).isEqualTo(2);
      assertThat(length(address, "o/n/resolve/main/big.bin")).isEqualTo(9 << 20);
      // What clients ask before they fetch a snapshot.
      assertThat(text(address, "api/models/o/n")).contains(commit.hex(), "big.bin", "config.json");
      assertThat(text(address, "api/models/o/n/tree/" + commit.hex() + "?recursive=true"))
          .contains("\"path\":\"big.bin\"", "\"pointerSize\":132");
    }
  }

  private static void damage(Path catalog) throws IOException {
    byte[] bytes = Files.readAllBytes(catalog);
    byte[] noise = "this is no database".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(noise, 0, bytes, 0, noise.length);
    Files.write(catalog, bytes);
  }

  private static String text(URI address, String path) throws IOException {
    try (var in = address.resolve("/hf/" + path).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static long length(URI address, String path) throws IOException {
    try (var in = address.resolve("/hf/" + path).toURL().openStream()) {
      return in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
