package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.access.Tokens;
import dev.larder.http.RawClient;
import dev.larder.testing.HubRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator reads in the log of those who try what they should not: little, and enough. */
final class EventsTest extends SiteFixture {
  private static final Duration LATE = Duration.ofSeconds(61);
  private final Logged log = new Logged();

  @AfterEach
  void leave() {
    log.close();
  }

  private InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", server().address().getPort());
  }

  private static void assertOneLine(List<String> lines, String... parts) {
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).contains(parts);
  }

  @Test
  void foreignHost_isWarnedOfOnce() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (RawClient client = new RawClient(address())) {
        client.send("GET /hf/o/r HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        assertThat(client.read(false).status()).isEqualTo(421);
      }
    }
    assertOneLine(
        log.about("host.unknown"), "WARN", "evil.example", "client=127.0.0.1", "status=421");
  }

  @Test
  void requestsThatCannotBeRead_areNotedOnceForEachKind() throws IOException {
    for (String head :
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nA: " + "x".repeat(20_000) + "\r\n\r\n")) {
      try (RawClient client = new RawClient(address())) {
        client.send(head);
        assertThat(client.read(false).status()).isIn(400, 414, 431);
      }
    }
    assertOneLine(log.about("request.malformed"), "INFO", "client=127.0.0.1", "status=400");
    assertThat(log.about("request.oversize")).hasSize(2);
  }

  @Test
  void badNamesAndTokensInAddresses_areNotedOnceAndWithoutTheToken() {
    for (int i = 0; i < 20; i++) {
      assertThat(get(MODEL + "?token=hf_secretsecret").status()).isEqualTo(400);
    }
    assertOneLine(log.about("request.bad_name"), "INFO", "token=", "status=400");
    assertThat(log.about("request.bad_name").getFirst()).doesNotContain("secretsecret");
  }

  @Test
  void tokenThatWasRevoked_isWarnedOfOnce() {
    Tokens tokens = server().house().access().tokens();
    String token = tokens.create(new Tokens.Wish("ann", Set.of(), Optional.empty())).token();
    repo.file("config.json", "{}").commit("main");
    String[] shown = {"Authorization", "Bearer " + token};
    assertThat(get("/hf/o/r/resolve/main/config.json", shown).status()).isEqualTo(200);
    tokens.revoke("ann");
    for (int i = 0; i < 20; i++) {
      assertThat(get("/hf/o/r/resolve/main/config.json", shown).status()).isEqualTo(401);
    }
    assertOneLine(log.about("token.refused"), "WARN", "client=127.0.0.1");
    assertThat(log.about("token.refused").getFirst()).doesNotContain(token);
  }

  @Test
  void adminToken_guessed_isWarnedOfOnce() {
    start("ADMIN_TOKEN", "an-admin-token-of-some-length");
    for (int i = 0; i < 20; i++) {
      assertThat(get("/api/tokens", "Authorization", "Bearer guess" + i).status()).isIn(401, 429);
    }
    assertOneLine(log.about("token.guessed"), "WARN", "client=127.0.0.1", "status=429");
    assertThat(log.about("token.guessed").getFirst()).doesNotContain("guess1");
  }

  @Test
  void publicRepo_closed_isWarnedOfAndWithdrawn() {
    repo.file("config.json", "{}").commit("main");
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(200);
    OnDisk _ = restart(); // What came is put away.
    repo.privateTo("hf_ann");
    clock.pass(LATE);
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(401);
    assertOneLine(log.about("visibility.changed"), "WARN", "repo=o/r");
    assertOneLine(log.about("tree.withdrawn"), "INFO", "repo=o/r", "files=1");
  }

  @Test
  void commitWithOtherBytes_isAnError() {
    repo.lfs("model.bin", new byte[] {1, 2, 3}).commit("main");
    assertThat(get(MODEL).status()).isEqualTo(200);
    OnDisk _ = restart();
    hub.on(r -> r.server() == HubRequest.Server.HUB && r.concerns("model.bin"))
        .always()
        .header("X-Linked-Etag", "\"" + "a".repeat(64) + "\"");
    clock.pass(LATE);
    assertThat(get(MODEL).body()).containsExactly(1, 2, 3);
    assertOneLine(log.about("pin.mismatch"), "ERROR", "repo=o/r", "path=model.bin");
  }

  /** Nobody meets it, so nobody would tell the operator. */
  @Test
  void answersThatCannotBeBelieved_whileWhatIsCachedIsAnswered_areWarnedOfOnce() {
    repo.file("config.json", "{}").commit("main");
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(200);
    hub.on(r -> r.server() == HubRequest.Server.HUB).html().always();
    for (int i = 0; i < 5; i++) {
      clock.pass(LATE);
      assertThat(get("/hf/o/r/resolve/main/config.json").cache()).isEqualTo("STALE");
    }
    assertOneLine(log.about("upstream.doubted"), "WARN", "code=upstream-lied");
  }

  /** Where it is inside the site is for the log, not for clients. */
  @Test
  void upstreamsOwnAddress_isToldToNoClient() {
    repo.file("config.json", "{}").file("other.json", "[]").commit("main");
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(200);
    hub.away();
    Got got = get("/hf/o/r/resolve/main/other.json");
    assertThat(got.status()).isEqualTo(503);
    assertThat(got.text() + got.header("X-Error-Message"))
        .contains("the upstream")
        .doesNotContain(hub.uri().toString())
        .doesNotContain(String.valueOf(hub.uri().getPort()));
  }

  /** Its body may be large: it is not asked for when it is of no use. */
  @Test
  void upload_thatWaitsToBeAskedFor_isRefusedAtOnce() throws IOException {
    try (RawClient client = new RawClient(address())) {
      client.request(
          "PUT",
          "/hf/api/models/o/r/upload/main/x",
          "Content-Length: 1000000000",
          "Expect: 100-continue");
      RawClient.Response answer = client.read(false);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).contains("read side of the hub only");
    }
  }
}
