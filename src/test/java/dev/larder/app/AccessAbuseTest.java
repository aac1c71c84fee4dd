package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What somebody tries who wants more than is theirs. */
final class AccessAbuseTest extends SiteFixture {
  private static final String ANN = "hf_ann_secret";
  private static final String ADMIN = "the-admin-token-of-this-larder";

  private final byte[] bytes = Bytes.of(3, 200_000);

  private Commit offerPrivate() {
    FakeRepo secret = hub.model("o/secret");
    Commit commit = secret.lfs("model.bin", bytes).file("a.txt", "hidden words").commit("main");
    hub.token(ANN, "ann");
    secret.privateTo(ANN);
    for (String path : List.of("model.bin", "a.txt")) {
      Got got = get("/hf/o/secret/resolve/main/" + path, "Authorization", "Bearer " + ANN);
      assertThat(got.status()).isEqualTo(200);
    }
    repo.file("README.md", "open").commit("main");
    assertThat(get("/hf/o/r/resolve/main/README.md").text()).isEqualTo("open");
    return commit;
  }

  @Test
  void privateBlob_askedForByDigestOrCommitThroughAPublicRepo_isNotFound() {
    Commit secret = offerPrivate();
    String digest = Bytes.digest(bytes).hex();
    for (String path :
        List.of(
            "/hf/o/r/resolve/main/model.bin",
            "/hf/o/r/resolve/main/" + digest,
            "/hf/o/r/resolve/" + secret + "/model.bin",
            "/hf/o/r/raw/" + secret + "/a.txt",
            "/hf/api/resolve-cache/models/o/r/" + secret + "/a.txt",
            "/hf/api/models/o/r/tree/" + secret,
            "/hf/api/models/o/r/revision/" + secret,
            "/hf/o/r/resolve/" + digest + "/model.bin",
            "/hf/o/r/resolve/main/blobs/" + digest)) {
      Got got = get(path);
      assertThat(got.status()).as(path).isEqualTo(404);
      assertThat(got.text()).as(path).doesNotContain("hidden words", "200000");
      assertThat(got.header("ETag")).as(path).isEmpty();
    }
  }

  @Test
  void privateRepo_askedForUnderAnotherSpelling_isRefusedToo() {
    Commit _ = offerPrivate();
    for (String path :
        List.of(
            "/hf/o/secret/resolve/main/model.bin?token=" + ANN,
            "/hf/o/secret/resolve/refs%2Fheads%2Fmain/model.bin",
            "/hf/o/secret/resolve/main/./model.bin",
            "/hf/o/r/../secret/resolve/main/model.bin",
            "/hf/o%2Fsecret/resolve/main/model.bin",
            "/hf//o/secret/resolve/main/model.bin",
            "/hf/models/o/secret/resolve/main/model.bin",
            "/hf/O/Secret/resolve/main/model.bin",
            "/hf/o/secret./resolve/main/model.bin")) {
      for (String header : List.of("X-Authorization", "Cookie", "X-Forwarded-User")) {
        Got got = get(path, header, "Bearer " + ANN);
        assertThat(got.status()).as(path).isIn(400, 401, 404);
        assertThat(got.body().length).as(path).isLessThan(1000);
      }
    }
  }

  @Test
  void authorizationThatIsNoBearerToken_isRefusedAlsoForPublicRepos() {
    Commit _ = offerPrivate();
    for (String odd :
        List.of(
            "Basic aGY=",
            "Basic !",
            "Digest x",
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "hf_x",
            "Bearer \t")) {
      Got got = get("/hf/o/r/resolve/main/README.md", "Authorization", odd);
      assertThat(got.status()).as(odd).isEqualTo(401);
      assertThat(got.header("X-Error-Message"))
          .isEqualTo("Invalid credentials in Authorization header");
    }
  }

  @Test
  void headerThatAsksNotToAskTheHub_prolongsNoRight() {
    repo.lfs("model.bin", bytes).commit("main");
    hub.token(ANN, "ann");
    assertThat(get(MODEL).status()).isEqualTo(200);
    repo.privateTo(ANN);
    clock.pass(Duration.ofSeconds(61));
    for (String header : List.of("X-Larder-Offline", "Cache-Control", "Pragma")) {
      assertThat(get(MODEL, header, "only-if-cached").status()).isEqualTo(401);
    }
  }

  @Test
  void objectLargerThanTheBudget_isPassedOnAndTakesNothingFromOthers() {
    start("MAX_SIZE", "1MB");
    repo.lfs("small.bin", bytes).lfsGenerated("huge.bin", 50_000_000, 7).commit("main");
    assertThat(get("/hf/o/r/resolve/main/small.bin").body()).isEqualTo(bytes);
    Got huge = get("/hf/o/r/resolve/main/huge.bin");
    assertThat(huge.status()).isEqualTo(200);
    assertThat(huge.cache()).isEqualTo("BYPASS");
    assertThat(huge.body()).hasSize(50_000_000);
    hub.clearLog();
    assertThat(get("/hf/o/r/resolve/main/small.bin").body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void changesWithoutAnAdminToken_areRefusedAndToldWhatIsNeeded() {
    Got got = read(open("POST", "/api/tokens"));
    assertThat(got.status()).isEqualTo(403);
    assertThat(got.text()).contains("LARDER_ADMIN_TOKEN");
  }

  @Test
  void adminToken_guessedTooOften_isNotLookedAtForAMinute() {
    start("ADMIN_TOKEN", ADMIN);
    for (int i = 0; i < 20; i++) {
      assertThat(get("/api/tokens").status()).as("nothing shown, nothing guessed").isEqualTo(401);
    }
    assertThat(admin(ADMIN)).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      assertThat(admin(ADMIN.substring(0, 10 + i))).isEqualTo(401);
    }
    assertThat(admin(ADMIN)).as("else it would tell that it is right").isEqualTo(429);
    assertThat(admin("other")).isEqualTo(429);
    clock.pass(Duration.ofSeconds(61));
    assertThat(admin(ADMIN)).isEqualTo(200);
  }

  private Got whoami(String token) {
    return get("/hf/api/whoami-v2", "Authorization", "Bearer " + token);
  }

  @Test
  void adminToken_guessedTooOftenUnderTheHubsPaths_isOneThatNobodyKnows() {
    start("ADMIN_TOKEN", ADMIN);
    Commit _ = offerPrivate();
    assertThat(whoami(ADMIN).text()).contains("admin");
    for (int i = 0; i < 20; i++) {
      assertThat(whoami("guess0").status()).as("no new guess").isEqualTo(401);
      assertThat(whoami("guess" + i).status()).isEqualTo(401);
    }
    Got wrong = whoami("other");
    assertThat(wrong.status()).isEqualTo(429);
    assertThat(wrong.header("Retry-After")).isEqualTo("5");
    Got right = whoami(ADMIN);
    assertThat(right.status()).as("else it would tell that it is right").isEqualTo(429);
    assertThat(right.text()).isEqualTo(wrong.text());
    String secret = "/hf/o/secret/resolve/main/model.bin";
    assertThat(get(secret, "Authorization", "Bearer " + ADMIN).status()).isEqualTo(429);
    assertThat(hub.requests(r -> r.token().filter(ADMIN::equals).isPresent())).isEmpty();

    assertThat(whoami(ANN).text()).as("who is known to the hub").contains("ann");
    assertThat(get(secret, "Authorization", "Bearer " + ANN).body()).isEqualTo(bytes);
    clock.pass(Duration.ofSeconds(61));
    assertThat(whoami(ADMIN).text()).contains("admin");
  }

  @Test
  void adminToken_guessedWhileTheHubIsAway_isOneThatNobodyKnows() {
    start("ADMIN_TOKEN", ADMIN);
    hub.away();
    for (int i = 0; i < 20; i++) {
      assertThat(whoami("guess" + i).status()).isIn(502, 503, 504);
    }
    assertThat(whoami(ADMIN).status()).isIn(502, 503, 504);
  }

  @Test
  void tokenOfThisLarder_isToldWhoItIsWithoutTheHub() {
    String token =
        server()
            .house()
            .access()
            .tokens()
            .create(
                new dev.larder.access.Tokens.Wish(
                    "ci", java.util.Set.of("team"), java.util.Optional.empty()))
            .token();
    hub.away();
    Got got = get("/hf/api/whoami-v2", "Authorization", "Bearer " + token);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.text()).contains("\"name\":\"ci\"").doesNotContain(token, "team");
    assertThat(hub.requests()).isEmpty();
  }

  /** Whether it lives may be told to everybody, and nothing else. */
  @Test
  void healthOfTheServer_tellsNobodyWhatIsCachedOrForWhom() {
    Commit _ = offerPrivate();
    for (String path : List.of("/healthz", "/readyz", "/api/health", "/metrics", "/api", "/")) {
      Got got = get(path);
      assertThat(got.status()).as(path).isIn(200, 404);
      assertThat(got.text() + got.headers().map())
          .as(path)
          .doesNotContain("secret", "model.bin", "ann", "o/r", root.toString());
      assertThat(got.body().length).as(path).isLessThan(300);
    }
  }

  @Test
  void troubleOfTheCatalog_tellsClientsNoStatement() throws Exception {
    repo.lfs("model.bin", bytes).commit("main");
    start("ADMIN_TOKEN", ADMIN);
    String file = "jdbc:sqlite:" + root.resolve("larder").resolve("catalog.db");
    try (Connection tables = DriverManager.getConnection(file);
        Statement statement = tables.createStatement()) {
      for (String table : List.of("repo", "ref", "blob", "document", "account", "entry")) {
        statement.execute("ALTER TABLE " + table + " RENAME TO gone_" + table);
      }
    }
    String local = "hf_larder" + "a".repeat(40);
    List<Integer> statuses = new ArrayList<>();
    for (String token : List.of("", ANN, local, ADMIN)) {
      for (String path : List.of(MODEL, "/hf/api/models/o/r", "/hf/api/whoami-v2", "/api/tokens")) {
        Got got = token.isEmpty() ? get(path) : get(path, "Authorization", "Bearer " + token);
        statuses.add(got.status());
        if (token.equals(ADMIN) && path.startsWith("/api/")) {
          continue; // Who administers it is told what is wrong with it.
        }
        assertThat((got.status() == 200 ? "" : got.text()) + got.headers().map())
            .as(path)
            .doesNotContainIgnoringCase("select", "sqlite", "no such table", "exception")
            .doesNotContain(root.toString());
      }
    }
    assertThat(statuses).contains(500);
  }

  private int admin(String token) {
    return get("/api/tokens", "Authorization", "Bearer " + token).status();
  }

  @Test
  void troubleOfThisMachine_tellsClientsNoPathAndNoStack() throws IOException {
    repo.lfs("model.bin", bytes).commit("main");
    start();
    Path tmp = root.resolve("larder").resolve("tmp");
    Files.delete(tmp);
    Files.writeString(tmp, "in the way");
    Got got = get(MODEL);
    assertThat(got.status()).isEqualTo(500);
    assertThat(got.text() + got.headers().map())
        .contains("store-io")
        .doesNotContain(root.toString(), "Exception", "dev.larder", "SELECT");
  }
}
