package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.larder.access.Tokens.Wish;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.TrafficOf;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.testing.HubRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of the hub that Larder does not know, and what is no read. */
final class HubPassTest extends HubSite {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String TAGS = "/hf/api/models-tags-by-type";

  private static String headers(Got got) {
    return got.headers().map().toString().toLowerCase(Locale.ROOT);
  }

  @Nested
  final class Answers {
    @Test
    void unknownRead_isTheHubsAnswer_askedEachTime() {
      hub.page("/api/models-tags-by-type", JSON, "{\"region\":[{\"id\":\"eu\"}]}");
      for (int round = 0; round < 2; round++) {
        Got got = get(TAGS + "?type=region");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.text()).isEqualTo("{\"region\":[{\"id\":\"eu\"}]}");
        assertThat(got.cache()).isEqualTo("BYPASS");
        assertThat(got.header("Cache-Control")).isEqualTo("no-store");
      }
      assertThat(hub.requests(r -> r.path().equals("/api/models-tags-by-type")))
          .hasSize(2)
          .allMatch(r -> r.query().equals("type=region"));
      assertThat(stop().blobs()).isEmpty();
    }

    @Test
    void passedBytes_areCountedUnderOneName() {
      hub.page("/api/a", "text/csv", "12345");
      hub.page("/api/b", "text/csv", "678");
      assertThat(get("/hf/api/a").status() + get("/hf/api/b").status()).isEqualTo(400);
      stop();
      try (Catalog catalog = JdbiCatalog.open(root.resolve("larder/catalog.db"), clock).catalog()) {
        assertThat(catalog.traffic(TrafficOf.REPO, Instant.EPOCH))
            .extracting(
                TrafficRow::name, row -> row.counts().misses(), row -> row.counts().upstreamBytes())
            .containsExactly(tuple("(passed)", 2L, 8L));
      }
    }

    @Test
    void oddPath_arrivesAsItWasSent() {
      hub.page("/api/x/refs%2Fpr%2F1/a+b%20c", "text/plain", "odd");
      assertThat(get("/hf/api/x/refs%2Fpr%2F1/a+b%20c?q=%22x%22&y=1%2C2").text()).isEqualTo("odd");
      assertThat(hub.requests().getLast().query()).isEqualTo("q=%22x%22&y=1%2C2");
    }

    @Test
    void head_hasTheHeadersAlone() {
      hub.page("/some/page.txt", "text/plain", "words");
      Got got = head("/hf/some/page.txt");
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.header("Content-Length")).isEqualTo("5");
      assertThat(got.body()).isEmpty();
    }

    @Test
    void refusal_isTheHubsOwn() {
      Got got = get("/hf/api/none");
      assertThat(got.status()).isEqualTo(404);
      assertThat(got.header("X-Error-Code")).isEmpty();
      assertThat(json(got).path("error").asString()).isNotEmpty();
    }

    @Test
    void nextPage_isHere() {
      hub.page("/api/papers", JSON, "[]");
      hub.onPath("/api/papers")
          .always()
          .header("Link", "<" + hub.uri() + "/api/papers?cursor=abc>; rel=\"next\"");
      assertThat(get("/hf/api/papers").header("Link"))
          .isEqualTo("<" + endpoint() + "/api/papers?cursor=abc>; rel=\"next\"");
    }

    @Test
    void page_isSandboxed_andSetsNoCookie() {
      hub.page("/o/r/discussions", "text/html", "<script>alert(1)</script>");
      hub.onPath("/discussions").always().header("Set-Cookie", "session=1");
      Got got = get("/hf/o/r/discussions");
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.header("Content-Security-Policy")).contains("sandbox");
      assertThat(got.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(headers(got)).doesNotContain("cookie");
    }

    @Test
    void large_passesThroughAsItComes() throws IOException {
      hub.page("/api/large", "text/csv", "x".repeat(8 << 20));
      hub.throttle(512 << 10);
      long begin = System.nanoTime();
      try (InputStream in = open("GET", "/hf/api/large").body()) {
        assertThat(in.read()).isEqualTo('x');
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      hub.throttle(0);
      try (InputStream in = open("GET", "/hf/api/large").body()) {
        assertThat(in.readAllBytes()).hasSize(8 << 20);
      }
    }

    @Test
    void bodyThatBreaksOff_isNoWholeAnswer() {
      hub.page("/api/long", "text/csv", "x".repeat(1 << 20));
      hub.onPath("/api/long").always().cutAfter(500_000);
      assertThat(get("/hf/api/long").complete()).isFalse();
      hub.page("/api/json", JSON, "[" + "1,".repeat(100_000) + "1]");
      hub.onPath("/api/json").always().cutAfter(100_000);
      assertThat(get("/hf/api/json").complete()).isFalse();
    }

    @Test
    void whatIsNoJson_isRefused() {
      hub.page("/api/json", JSON, "{\"a\":");
      assertThat(get("/hf/api/json").status()).isEqualTo(502);
      hub.page("/api/endless", JSON, "[\"" + "x".repeat(3 << 20) + "\"]");
      assertThat(get("/hf/api/endless").status()).as("one string of 3 MiB").isEqualTo(502);
    }
  }

  @Nested
  final class WithoutXet {
    @Test
    void fieldsHeadersAndLinks_areLeftOut() {
      hub.page(
          "/api/kernels/o/k/tree/main",
          JSON,
          "[{\"path\":\"a\",\"xetHash\":\"ff\",\"lfs\":{\"oid\":\"ee\",\"xetEnabled\":true}}]");
      hub.onPath("/api/kernels")
          .always()
          .header("X-Xet-Hash", "ff")
          .header("Link", "<" + hub.uri() + "/x>; rel=\"xet-auth\"");
      Got got = get("/hf/api/kernels/o/k/tree/main");
      assertThat(got.text()).isEqualTo("[{\"path\":\"a\",\"lfs\":{\"oid\":\"ee\"}}]");
      assertThat(headers(got)).doesNotContain("xet");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "api/models/o/r/xet-read-token/main",
          "api/models/o/r/xet-write-token/main",
          "api/kernels/o/k/xet-read-token/main",
          "api/models/o/r/xet%2Dread-token/main"
        })
    void tokens_areNotAskedFor(String path) {
      assertThat(get("/hf/" + path).status()).isEqualTo(404);
      assertThat(hub.requests()).isEmpty();
    }

    @Test
    void wishForXet_doesNotReachTheHub() {
      hub.page("/kernels/o/k/resolve/main/x", "text/plain", "x");
      get("/hf/kernels/o/k/resolve/main/x", "Accept", "application/vnd.xet-fileinfo+json, */*");
      assertThat(hub.requests().getLast().header("accept")).contains("*/*");
      hub.page("/kernels/o/k/resolve/main/y", "application/vnd.xet-fileinfo+json", "{}");
      assertThat(get("/hf/kernels/o/k/resolve/main/y").status()).isEqualTo(502);
    }
  }

  @Nested
  final class Tokens {
    @Test
    void callersOwn_goesAlong_andNothingElseOfTheCaller() {
      hub.page("/api/organizations/o/members", JSON, "[]");
      get(
          "/hf/api/organizations/o/members",
          "Authorization",
          "Bearer " + ANN,
          "Cookie",
          "token=abc",
          "X-HF-Bill-To",
          "o");
      HubRequest asked = hub.requests().getLast();
      assertThat(asked.token()).contains(ANN);
      assertThat(asked.headers()).doesNotContainKeys("cookie", "x-hf-bill-to");
      get("/hf/api/organizations/o/members");
      assertThat(hub.requests().getLast().authorized()).isFalse();
    }

    /** Also on an address that was just answered from memory. */
    @Test
    void inAnAddress_isRefusedHoweverItIsWritten() {
      repo.file("config.json", "{}").commit("main");
      for (String path : List.of("/hf/o/r/resolve/main/config.json", "/hf/api/models/o/r/odd")) {
        get(path);
        OnDisk _ = restart(); // So that it is put away, and then answered from memory.
        get(path);
        get(path);
        for (String name : List.of("token", "%74oken", "Access_Token")) {
          int asked = hub.requests().size();
          assertThat(get(path + "?" + name + "=" + ANN).status()).as(name).isEqualTo(400);
          assertThat(hub.requests()).hasSize(asked);
        }
      }
    }

    @Test
    void ofThisLarderOrItsSite_staysHere() {
      hub.page("/api/notifications", JSON, "[]");
      start("ADMIN_TOKEN", "letmein-please", "UPSTREAM_TOKEN", "hf_site_secret");
      String local =
          server()
              .house()
              .access()
              .tokens()
              .create(new Wish("ci", Set.of("all"), Optional.empty()))
              .token();
      for (String token : List.of(local, "letmein-please")) {
        assertThat(as(token, "/hf/api/notifications").status()).isEqualTo(200);
      }
      assertThat(get("/hf/api/notifications").status()).isEqualTo(200);
      assertThat(hub.requests()).hasSize(3).noneMatch(HubRequest::authorized);
    }

    @Test
    void redirectElsewhere_isFollowedWithoutTheToken() {
      hub.onPath("/api/away").always().redirectTo(hub.cdnUri() + "/somewhere");
      assertThat(as(ANN, "/hf/api/away").status()).isEqualTo(502); // The CDN has no such file.
      assertThat(hub.requests(r -> r.server() == HubRequest.Server.CDN))
          .isNotEmpty()
          .noneMatch(HubRequest::authorized);
    }

    @Test
    void redirectToAnInnerAddress_isNotFollowed() {
      hub.onPath("/api/away").always().redirectTo("http://169.254.169.254/latest/meta-data");
      assertThat(get("/hf/api/away").status()).isEqualTo(502);
      hub.onPath("/api/file").always().redirectTo("file:///etc/passwd");
      assertThat(get("/hf/api/file").status()).isEqualTo(502);
    }
  }

  @Nested
  final class Refused {
    @ParameterizedTest
    @CsvSource({
      "POST, /hf/api/repos/create",
      "DELETE, /hf/api/repos/delete",
      "PUT, /hf/api/models/o/r/settings",
      "POST, /hf/api/models/o/r/commit/main",
      "POST, /hf/api/models/o/r/preupload/main",
      "PATCH, /hf/o/r/resolve/main/config.json",
      "POST, /hf/api/models/o/r",
      "POST, /hf/o/r.git/info/lfs/locks/verify"
    })
    void writes_areRefusedAndTheHubHearsNothing(String method, String path) {
      String[] token = {"Authorization", "Bearer " + ANN, "Content-Type", "application/json"};
      Got got = send(method, path, token, "{}");
      assertThat(got.status()).isEqualTo(403);
      assertThat(got.header("X-Error-Message")).contains("read side").contains(method);
      assertThat(hub.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"api/..%2Fx", "api/%2e%2e/x", "a/./b", "api/a%00b", "a%5Cb"})
    void pathsThatLeadOut_areRefusedAndTheHubHearsNothing(String path) {
      assertThat(get("/hf/" + path).status()).isEqualTo(400);
      assertThat(hub.requests()).isEmpty();
    }

    @Test
    void switchedOff_unknownReadsAre404NamingTheSetting() {
      hub.page("/api/models-tags-by-type", JSON, "{}");
      start("HUB_PASSTHROUGH", "false");
      for (String path : List.of(TAGS, "/hf/o/r/info/refs?service=git-upload-pack")) {
        Got got = get(path);
        assertThat(got.status()).isEqualTo(404);
        assertThat(got.header("X-Error-Message")).contains("LARDER_HUB_PASSTHROUGH");
      }
      assertThat(hub.requests()).isEmpty();
      assertThat(get(CONFIG).status()).isEqualTo(200);
    }

    @Test
    void offlineOrAway_isNever404() {
      start("OFFLINE", "true");
      assertThat(get(TAGS).status()).isEqualTo(504);
      restart();
      hub.away();
      assertThat(get(TAGS).status()).isIn(502, 503, 504);
    }
  }
}
