package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input by HTTP, byte for byte as sent, and hubs that lie. */
class HostileRequestsIT {
  private static final int BIG = 9 << 20;

  @TempDir Path scratch;

  private Product larder(FakeHub hub) {
    return Product.before(hub, scratch, scratch.resolve("home"));
  }

  @Test
  void serve_badNamesAndRanges_areRefusedAndTheServerGoesOn() throws Exception {
    try (FakeHub hub = FakeHub.start();
        Product.Server server = larder(hub).serve(scratch.resolve("home"))) {
      hub.model("o/n").file("config.json", "{}").commit("main");
      URI address = server.ready();
      for (String path : badPaths()) {
        String answer = ask(address, path, "");
        assertThat(answer).as(path).startsWith("HTTP/1.1 400 ").contains("is not a valid");
      }
      assertThat(hub.requests()).as("names that must not reach the hub").isEmpty();

      String file = "/hf/o/n/resolve/main/config.json";
      assertThat(ask(address, file, "")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n{}");
      assertThat(ask(address, file, "Range: bytes=5-9\r\n"))
          .startsWith("HTTP/1.1 416 ")
          .containsIgnoringCase("content-range: bytes */2");
      for (String ignored : List.of("bytes=x-y", "lines=0-1", "bytes=1-0", "bytes=")) {
        assertThat(ask(address, file, "Range: " + ignored + "\r\n"))
            .as(ignored)
            .startsWith("HTTP/1.1 200 ");
      }
      assertThat(ask(address, file, "Range: bytes=-1\r\n"))
          .startsWith("HTTP/1.1 206 ")
          .endsWith("\r\n\r\n}");
      assertThat(server.stop()).isZero();
      assertThat(server.log()).doesNotContain("\tat ", "Exception");
    }
    assertThat(scratch.resolve("etc")).doesNotExist();
  }

  private static List<String> badPaths() {
    String resolve = "/hf/o/n/resolve/main/";
    String longPart = "a".repeat(300);
    return List.of(
        resolve + "../../x",
        resolve + "%2e%2e/x",
        resolve + "..%2f..%2fx",
        resolve + "a%00b",
        resolve + "a%5cb",
        resolve + "a\\b",
        resolve + longPart,
        resolve + "%ff",
        resolve + "%zz",
        "/hf/o/n/resolve/%2e%2e/x",
        "/hf/o/n/resolve/" + longPart + "/x",
        "/hf/%2e%2e/n/resolve/main/x",
        "/hf/o/" + longPart + "/resolve/main/x",
        "/hf/api/models/o/%2e%2e",
        "/hf/api/models/o/n%00",
        "/hf/api/models/o/n/revision/%2e%2e",
        "/hf/api/models/o/n/tree/main/%2e%2e",
        "/hf/api/models/o/n/tree/main/a%5cb");
  }

  private static String ask(URI address, String path, String headers) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String request =
          "GET %s HTTP/1.1\r\nHost: localhost\r\n%sConnection: close\r\n\r\n"
              .formatted(path, headers);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void pull_bytesOfAnotherDigest_failsWithFourAndStoresNothing() throws Exception {
    try (FakeHub hub = FakeHub.start()) {
      hub.model("o/n").lfsGenerated("big.bin", BIG, 1).commit("main");
      hub.onFile("big.bin").corrupt(100).always();
      Product.Ran ran = larder(hub).run("pull", "o/n");
      assertThat(ran.exit()).as(ran.err()).isEqualTo(4);
      assertThat(ran.err()).startsWith("larder: ").doesNotContain("\tat ", "Exception");
      assertThat(files("larder/store")).isEmpty();
      hub.clearFaults();
      assertThat(larder(hub).run("pull", "o/n").exit()).isZero();
      assertThat(files("larder/store")).hasSize(1);
      assertThat(larder(hub).run("verify").exit()).isZero();
    }
  }

  private List<Path> files(String below) throws IOException {
    try (Stream<Path> found = Files.walk(scratch.resolve("home").resolve(below))) {
      return found.filter(Files::isRegularFile).toList();
    }
  }
}
