package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A hub that sends Larder where it must not go. A trap on every address of this machine waits. */
final class ServeEgressTest extends SiteFixture {
  private static final String API = "/hf/api/models/o/r";

  /** What is redirected. */
  private enum What {
    FILE,
    DOCUMENT,
    BYTES
  }

  /** {@code PORT} is the trap's. */
  private static final List<String> TARGETS =
      List.of(
          // Loopback, in every spelling.
          "http://127.0.0.3:PORT/x",
          "http://127.3:PORT/x",
          "http://2130706435:PORT/x",
          "http://0x7f.0.0.3:PORT/x",
          "http://0x7f000003:PORT/x",
          "http://0177.0.0.3:PORT/x",
          "http://127.0.0.3.:PORT/x",
          "http://[::1]:PORT/x",
          "http://[::ffff:127.0.0.3]:PORT/x",
          "http://[::ffff:7f00:3]:PORT/x",
          "http://[::127.0.0.3]:PORT/x",
          "http://[64:ff9b::7f00:3]:PORT/x",
          "http://[2002:7f00:3::1]:PORT/x",
          "//127.0.0.3:PORT/x",
          "http://127.0.0.3:PORT\\@127.0.0.1/x",
          // This machine, whichever it is.
          "http://0.0.0.0:PORT/x",
          "http://0:PORT/x",
          "http://[::]:PORT/x",
          // Where clouds keep their secrets.
          "http://169.254.169.254/latest/meta-data",
          "http://[::ffff:169.254.169.254]/latest/meta-data",
          "http://[fd00:ec2::254]/latest/meta-data",
          "http://100.100.100.200/latest/meta-data",
          "http://[fe80::1]/x",
          "http://[fe80::1%25lo]/x",
          // Private networks, and no hosts at all.
          "http://10.0.0.1/x",
          "http://172.16.0.1/x",
          "http://192.168.1.1/x",
          "http://100.64.0.1/x",
          "http://[fc00::1]/x",
          "http://224.0.0.1/x",
          "http://255.255.255.255/x",
          // Other schemes.
          "file:///etc/passwd",
          "ftp://127.0.0.1:PORT/x",
          "gopher://127.0.0.1:PORT/x",
          "jar:http://127.0.0.1:PORT/!/x",
          "data:text/plain,x",
          // Credentials, and ports that are none.
          "http://user:secret@127.0.0.1:PORT/x",
          "http://user@127.0.0.1:PORT/x",
          "http://127.0.0.1:0/x",
          "http://127.0.0.1:99999/x");

  private final AtomicInteger trapped = new AtomicInteger();
  private ServerSocket trap;

  @BeforeEach
  void setTrap() throws IOException {
    trap = new ServerSocket(0);
    Thread.ofPlatform().daemon().start(this::watch);
    repo.lfs("model.bin", Bytes.of(1, 50_000));
    List.of("a", "b", "c", "d", "e").forEach(name -> repo.file(name, name));
    repo.commit("main");
    start("ALLOW_PRIVATE", "127.0.0.1/32,127.0.0.2/32");
  }

  private void watch() {
    try {
      while (true) {
        try (Socket _ = trap.accept()) {
          trapped.incrementAndGet();
        }
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  @AfterEach
  void removeTrap() throws IOException {
    trap.close();
  }

  static Stream<Arguments> redirects() {
    return TARGETS.stream()
        .flatMap(target -> Stream.of(What.values()).map(what -> Arguments.of(target, what)));
  }

  @ParameterizedTest
  @MethodSource("redirects")
  void redirect_toWhatMayNotBeAsked_isRefusedAndNobodyIsAsked(String target, What what) {
    hub.on(r -> (what == What.BYTES) == (r.server() == HubRequest.Server.CDN))
        .redirectTo(target.replace("PORT", String.valueOf(trap.getLocalPort())))
        .always();
    Got got = get(what == What.DOCUMENT ? API : MODEL);
    assertThat(got.status()).isEqualTo(502);
    assertThat(got.text()).doesNotContain("secret", "meta-data", "passwd");
    assertThat(trapped).hasValue(0);
    assertThat(stop().blobs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/x?recursive=true&cursor=2",
        "//127.0.0.1:PORT/x?recursive=true&cursor=2",
        "file:///etc/passwd?recursive=true&cursor=2"
      })
  void nextPage_atAnotherPlace_isAskedForAtTheHubOnly(String link) {
    hub.pageSize(2);
    hub.onPath("/tree/")
        .header("Link", "<" + link.replace("PORT", "" + trap.getLocalPort()) + ">; rel=\"next\"");
    Got got = get(API + "/tree/main?recursive=true");
    assertThat(JsonMapper.shared().readTree(got.body())).hasSize(6);
    assertThat(trapped).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "access_token", "TOKEN", "hf_token"})
  void credentialsInAnAddress_areRefusedAndLeaveNoTrace(String name) throws IOException {
    for (String path : List.of(API, API + "/refs", MODEL, API + "/commits/main")) {
      Got got = get(path + "?" + name + "=hf_canary");
      assertThat(got.status()).isEqualTo(400);
      assertThat(got.text()).contains("Authorization").doesNotContain("hf_canary");
    }
    assertThat(hub.requests()).isEmpty();
    stop();
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .doesNotContain("hf_canary"));
    }
  }

  /** Its own address may not be private either, unless that is allowed. */
  @Test
  void upstream_thatIsNotPublic_isNotAsked() {
    restart("ALLOW_PRIVATE", "10.0.0.0/8");
    Got got = get(MODEL);
    assertThat(got.status()).isEqualTo(502);
    assertThat(got.text()).contains("LARDER_ALLOW_PRIVATE");
    assertThat(hub.requests()).isEmpty();
  }
}
