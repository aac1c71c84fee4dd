package dev.larder.serve.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.access.Identities;
import dev.larder.access.Principal;
import dev.larder.content.ByteRange;
import dev.larder.content.EntryPath;
import dev.larder.http.Door;
import dev.larder.http.DoorSettings;
import dev.larder.http.RawClient;
import dev.larder.http.RawClient.Response;
import dev.larder.mirror.Answer;
import dev.larder.mirror.CacheState;
import dev.larder.mirror.DocumentAnswer;
import dev.larder.mirror.EntryHead;
import dev.larder.serve.huggingface.FilesMirror.ScriptedFlight;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubEndpointTest {
  private static final String SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String SHA1 = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
  private static final String COMMIT = FilesMirror.COMMIT.hex();

  private static final Identities EVERYBODY_OF_THE_HUB =
      new Identities() {
        @Override
        public Optional<Shown> identify(String token, String address) {
          return Optional.of(new Shown(new Principal.Upstream(token), token));
        }

        @Override
        public boolean unknown(Principal principal, String address) {
          return false;
        }
      };

  @TempDir Path dir;
  private final byte[] bytes = new byte[200_000];
  private FilesMirror mirror;
  private Door door;
  private InetSocketAddress address;

  @BeforeEach
  void open() throws IOException {
    new Random(5).nextBytes(bytes);
    Path big = Files.write(dir.resolve("model.bin"), bytes);
    Path text = Files.writeString(dir.resolve("config.json"), "{}");
    mirror = new FilesMirror();
    mirror.add("model.bin", big, SHA256, CacheState.HIT);
    mirror.add("sub/config.json", text, SHA1, CacheState.STALE);
    door = door(DoorSettings.at("127.0.0.1", 0));
    address = door.start();
  }

  private Door door(DoorSettings settings) {
    var endpoints = new ArrayList<>(dev.larder.serve.api.StatusEndpoint.all(() -> true));
    endpoints.add(new HubEndpoint(mirror, EVERYBODY_OF_THE_HUB, true));
    return new Door(settings, endpoints, InstantSource.system());
  }

  @AfterEach
  void close() {
    door.close();
    assertThat(mirror.leases).hasValue(0);
    assertThat(mirror.channelsOpen()).isTrue();
    mirror.close();
  }

  private Response get(String target, String... lines) throws IOException {
    return RawClient.ask(address, "GET", target, lines);
  }

  private Response head(String target, String... lines) throws IOException {
    return RawClient.ask(address, "HEAD", target, lines);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resolve_getAndHead_giveTheSameHeaders(boolean hot) throws IOException {
    mirror.hot = hot;

    Response got = get("/hf/o/n/resolve/main/model.bin", "Accept-Encoding: gzip");
    Response described = head("/hf/o/n/resolve/main/model.bin");

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(got.headers())
        .containsEntry("x-repo-commit", COMMIT)
        .containsEntry("etag", "\"" + SHA256 + "\"")
        .containsEntry("x-linked-etag", "\"" + SHA256 + "\"")
        .containsEntry("x-linked-size", "200000")
        .containsEntry("content-length", "200000")
        .containsEntry("accept-ranges", "bytes")
        .containsEntry("content-type", "application/octet-stream")
        .containsEntry("cache-control", "no-cache")
        .containsEntry("x-larder-cache", "HIT")
        .containsEntry("access-control-allow-origin", "*")
        .doesNotContainKeys("content-encoding", "location", "x-xet-hash");
    assertThat(got.header("content-disposition"))
        .isEqualTo("inline; filename*=UTF-8''model.bin; filename=\"model.bin\";");
    assertThat(without(described.headers(), "date")).isEqualTo(without(got.headers(), "date"));
  }

  private static Map<String, String> without(Map<String, String> headers, String name) {
    var copy = new java.util.TreeMap<>(headers);
    copy.remove(name);
    return copy;
  }

  @Test
  void resolve_gitFileByCommit_isImmutableAndTextAndWarnsWhenStale() throws IOException {
    Response got = get("/hf/o/n/resolve/" + COMMIT + "/sub/config.json");

    assertThat(got.text()).isEqualTo("{}");
    assertThat(got.header("cache-control")).contains("immutable");
    assertThat(got.header("content-type")).startsWith("text/plain");
    assertThat(got.header("x-larder-cache")).isEqualTo("STALE");
    assertThat(got.header("x-hf-warning")).startsWith("larder-stale; ");
    assertThat(got.headers()).doesNotContainKey("x-linked-etag");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resolve_ranges(boolean hot) throws IOException {
    mirror.hot = hot;
    String file = "/hf/o/n/resolve/main/model.bin";

    assertRange(get(file, "Range: bytes=0-0"), 0, 1);
    assertRange(get(file, "Range: bytes=100-199"), 100, 200);
    assertRange(get(file, "Range: bytes=199990-"), 199_990, 200_000);
    assertRange(get(file, "Range: bytes=-7"), 199_993, 200_000);
    assertRange(get(file, "Range: bytes=5-999999999999999999999"), 5, 200_000);
    assertThat(get(file, "Range: bytes=0-1,5-6").status()).isEqualTo(200);
    assertThat(head(file, "Range: bytes=0-1").status()).isEqualTo(200);
    for (String behind : List.of("bytes=200000-", "bytes=-0")) {
      Response got = get(file, "Range: " + behind);
      assertThat(got.status()).isEqualTo(416);
      assertThat(got.header("content-range")).isEqualTo("bytes */200000");
    }
  }

  private void assertRange(Response got, int start, int end) {
    assertThat(got.status()).isEqualTo(206);
    assertThat(got.header("content-range"))
        .isEqualTo("bytes " + start + "-" + (end - 1) + "/200000");
    assertThat(got.body()).isEqualTo(Arrays.copyOfRange(bytes, start, end));
  }

  @Test
  void resolve_conditions() throws IOException {
    String file = "/hf/o/n/resolve/main/model.bin";
    String etag = "\"" + SHA256 + "\"";

    Response same = get(file, "If-None-Match: \"other\", W/" + etag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("etag")).isEqualTo(etag);
    assertThat(get(file, "If-None-Match: \"other\"").status()).isEqualTo(200);
    assertThat(get(file, "Range: bytes=0-1", "If-Range: " + etag).status()).isEqualTo(206);
    assertThat(get(file, "Range: bytes=0-1", "If-Range: \"other\"").status()).isEqualTo(200);
    assertThat(get(file, "Range: bytes=0-1", "If-Range: W/" + etag).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resolve_conditions_areJudgedWithOneQuestion(boolean hot) throws IOException {
    mirror.hot = hot;
    String file = "/hf/o/n/resolve/main/model.bin";
    for (String[] lines :
        new String[][] {
          {"If-None-Match: \"" + SHA256 + "\""},
          {"If-None-Match: \"other\""},
          {"Range: bytes=0-1", "If-Range: \"" + SHA256 + "\""},
          {"Range: bytes=0-1", "If-Range: \"other\""}
        }) {
      mirror.asked.clear();
      get(file, lines);
      assertThat(mirror.asked).as(String.join(", ", lines)).hasSize(1);
    }
  }

  @Test
  void resolve_arriving_isSentAsItLands() throws Exception {
    var flight =
        new ScriptedFlight(new ByteRange(0, 200_000), mirror.open(dir.resolve("model.bin")));
    EntryHead head =
        new EntryHead(
            FilesMirror.COMMIT, new EntryPath("cold"), Optional.empty(), SHA256, 200_000, true);
    mirror.answer("cold", _ -> new Answer.Arriving(head, CacheState.MISS, flight, _ -> {}));
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/hf/o/n/resolve/main/cold");
      flight.land(10);
      assertThat(client.readHead().header("x-larder-cache")).isEqualTo("MISS");
      assertThat(client.readBytes(10)).isEqualTo(Arrays.copyOf(bytes, 10));
      flight.land(200_000);
      assertThat(client.readBytes(199_990)).isEqualTo(Arrays.copyOfRange(bytes, 10, 200_000));
      flight.awaitClosed();
      assertThat(flight.isClosed()).isTrue();
    }
  }

  @Test
  void resolve_missingFile_saysSoWithTheCommit() throws IOException {
    Response got = get("/hf/o/n/resolve/main/none");

    assertThat(got.status()).isEqualTo(404);
    assertThat(got.header("x-error-code")).isEqualTo("EntryNotFound");
    assertThat(got.header("x-repo-commit")).isEqualTo(COMMIT);
    assertThat(got.header("x-request-id")).isNotEmpty();
    assertThat(got.text()).isEqualTo("{\"error\":\"Entry not found\"}");
    assertThat(head("/hf/o/n/resolve/main/none").header("x-error-code")).isEqualTo("EntryNotFound");
  }

  @Test
  void refusal_withoutACode_getsOne() throws IOException {
    Response got = get("/hf/api/models/o/n");

    assertThat(got.status()).isEqualTo(401);
    assertThat(got.header("x-error-code")).isEqualTo("RepoNotFound");

    mirror.document(
        DocumentRequest.WhoAmI.class,
        _ ->
            new DocumentAnswer.Refused(
                new Found.Refusal(
                    401, "", "Invalid credentials in Authorization header", Optional.empty()),
                CacheState.MISS));
    Response whoami = get("/hf/api/whoami-v2");
    assertThat(whoami.headers()).doesNotContainKey("x-error-code");
    assertThat(whoami.header("x-error-message"))
        .isEqualTo("Invalid credentials in Authorization header");
  }

  @Test
  void failure_ofTheUpstream_isNever404() throws IOException {
    mirror.hot = false;
    mirror.fail(
        "busy", new UpstreamException.UpstreamBusy("It throttles.", 429, Duration.ofHours(1)));
    mirror.fail("gone", new UpstreamException.UpstreamUnreachable("No route.", false, null));
    mirror.fail("slow", new UpstreamException.UpstreamUnreachable("Silence.", true, null));

    Response busy = get("/hf/o/n/resolve/main/busy");
    assertThat(busy.status()).isEqualTo(503);
    assertThat(busy.header("retry-after")).isEqualTo("5");
    assertThat(busy.text()).isEqualTo("{\"error\":\"It throttles.\"}");
    assertThat(get("/hf/o/n/resolve/main/gone").status()).isEqualTo(503);
    assertThat(head("/hf/o/n/resolve/main/slow").status()).isEqualTo(504);
  }

  @Test
  void authorization_travelsWithTheRequest() throws IOException {
    get("/hf/o/n/resolve/main/model.bin", "authorization: Bearer hf_abc");
    assertThat(mirror.callers.getLast().credential()).isEqualTo(new Credential.Token("hf_abc"));
    get("/hf/o/n/resolve/main/model.bin");
    assertThat(mirror.callers.getLast().credential()).isEqualTo(Credential.ANONYMOUS);

    for (String wrong : List.of("Basic abc", "Bearer ", "Bearer a b")) {
      Response got = get("/hf/o/n/resolve/main/model.bin", "Authorization: " + wrong);
      assertThat(got.status()).isEqualTo(401);
      assertThat(got.header("x-error-message"))
          .isEqualTo("Invalid credentials in Authorization header");
    }
  }

  @Test
  void names_thatAreNone_are400() throws IOException {
    for (String path :
        List.of(
            "o/n/resolve/main/..%2F..%2Fetc",
            "o/n/resolve/main/a%00",
            "o/n/resolve/main/a//b",
            "o/n/resolve/main/%zz",
            "..%2F/n/resolve/main/x")) {
      assertThat(get("/hf/" + path).status()).as(path).isEqualTo(400);
    }
  }

  @Test
  void unknown_paths_are404InTheHubsShape() throws IOException {
    for (String path :
        List.of("api/agent-harnesses", "api/models/o/n/xet-read-token/main", "o/n/info/refs", "")) {
      Response got = get("/hf/" + path);
      assertThat(got.status()).as(path).isEqualTo(404);
      assertThat(got.text()).startsWith("{\"error\":");
    }
    assertThat(RawClient.ask(address, "PUT", "/hf/o/n/resolve/main/x").status()).isEqualTo(403);
  }

  @Test
  void options_isAPreflight() throws IOException {
    Response got = RawClient.ask(address, "OPTIONS", "/hf/o/n/resolve/main/x");

    assertThat(got.status()).isEqualTo(204);
    assertThat(got.header("access-control-allow-headers")).contains("Authorization", "Range");
  }

  @Test
  void pathsInfo_formAndJson_askTheSame() throws IOException {
    mirror.document(DocumentRequest.PathsInfo.class, _ -> here("[]", Optional.empty()));

    post("paths=a&paths=b%20c&expand=True");
    post("{\"paths\":[\"a\",\"b c\"],\"expand\":true}");

    assertThat(mirror.questions).hasSize(2);
    assertThat(mirror.questions.get(0)).isEqualTo(mirror.questions.get(1));
    assertThat(((DocumentRequest.PathsInfo) mirror.questions.getFirst()).paths())
        .containsExactly("a", "b c");
  }

  private void post(String body) throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request(
          "POST", "/hf/api/models/o/n/paths-info/main", "Content-Length: " + body.length());
      client.send(body);
      assertThat(client.read(false).text()).isEqualTo("[]");
    }
  }

  @Test
  void documents_nextPageIsWhereTheSettingSays_whateverHeadersClaim() throws IOException {
    mirror.document(DocumentRequest.Commits.class, _ -> here("[1]", Optional.of("p=1")));
    door.close();
    var url = Optional.of("https://cache.example/larder");
    door = door(DoorSettings.at("127.0.0.1", 0).withPublicUrl(url));
    address = door.start();

    assertThat(
            get("/hf/api/models/o/n/commits/main", "X-Forwarded-Host: evil.example").header("link"))
        .isEqualTo(
            "<https://cache.example/larder/hf/api/models/o/n/commits/main?p=1>; rel=\"next\"");
  }

  @Test
  void documents_nextPageIsHere_warningWhenStale() throws IOException {
    mirror.document(DocumentRequest.Commits.class, _ -> here("[1]", Optional.of("p=1&limit=2")));
    mirror.document(DocumentRequest.Tree.class, _ -> here("[2]", Optional.empty()));

    Response commits = get("/hf/api/models/o/n/commits/main");
    Response tree = get("/hf/api/models/o/n/tree/main");

    assertThat(commits.header("link"))
        .isEqualTo("<http://localhost/hf/api/models/o/n/commits/main?p=1&limit=2>; rel=\"next\"");
    assertThat(commits.header("x-repo-commit")).isEqualTo(COMMIT);
    assertThat(commits.header("x-larder-cache")).isEqualTo("STALE");
    assertThat(tree.headers()).doesNotContainKey("link").containsKey("x-hf-warning");
    assertThat(head("/hf/api/models/o/n/tree/main").header("content-length")).isEqualTo("3");
  }

  /** A cut address would lead nowhere, or to another page. */
  @Test
  void documents_longAddressOfTheNextPage_isWhole() throws IOException {
    String query = "cursor=" + "x".repeat(3000);
    mirror.document(DocumentRequest.Commits.class, _ -> here("[1]", Optional.of(query)));
    assertThat(get("/hf/api/models/o/n/commits/main").header("link"))
        .isEqualTo("<http://localhost/hf/api/models/o/n/commits/main?" + query + ">; rel=\"next\"");
  }

  @Test
  void resolve_entityTagThatProvesNothing_isGivenOnAsItCame() throws IOException {
    describe("weak", "W/\"v 1\"".replace(' ', '-'));
    describe("bare", "v1");
    describe("none", "");
    assertThat(head("/hf/o/n/resolve/main/weak").header("etag")).isEqualTo("W/\"v-1\"");
    assertThat(head("/hf/o/n/resolve/main/bare").header("etag")).isEqualTo("\"v1\"");
    assertThat(head("/hf/o/n/resolve/main/none").headers()).doesNotContainKey("etag");
    assertThat(head("/hf/o/n/resolve/main/none", "If-None-Match: \"\"").status()).isEqualTo(200);
    assertThat(head("/hf/o/n/resolve/main/weak", "If-None-Match: \"v-1\"").status()).isEqualTo(304);
  }

  private void describe(String path, String validator) {
    EntryHead head =
        new EntryHead(
            FilesMirror.COMMIT, new EntryPath(path), Optional.empty(), validator, 5, false);
    mirror.answer(path, _ -> new Answer.Described(head, CacheState.BYPASS));
  }

  private static DocumentAnswer here(String body, Optional<String> next) {
    return new DocumentAnswer.Here(
        new Document(
            body.getBytes(StandardCharsets.UTF_8),
            "application/json",
            next,
            Map.of("x-repo-commit", COMMIT, "set-cookie", "secret")),
        CacheState.STALE);
  }

  @Test
  void probes_answer() throws IOException {
    assertThat(get("/healthz").text()).isEqualTo("ok\n");
    assertThat(get("/readyz").status()).isEqualTo(200);
    assertThat(get("/api/health").text()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(get("/api/other").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz", "/api/health"})
  void probes_askedInAnotherWay_sayHow(String path) throws IOException {
    Response answer = RawClient.ask(address, "DELETE", path);

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
    assertThat(answer.text()).contains("wrong-method");
  }
}
