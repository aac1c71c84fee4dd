package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Repos that not everybody may read, and what must not leave Larder or reach others. */
final class ServeRestrictedTest extends SiteFixture {
  private static final String ANN = "hf_ann_secret";
  private static final String BOB = "hf_bob_secret";

  private final byte[] bytes = Bytes.of(3, 200_000);

  private void offer() {
    repo.lfs("model.bin", bytes).file("config.json", "{}").commit("main");
    hub.token(ANN, "ann");
    hub.token(BOB, "bob");
  }

  private Got as(String token, String path) {
    return get(path, "Authorization", "Bearer " + token);
  }

  private void assertRefused(Got got, int status, String code) {
    assertThat(got.status()).isEqualTo(status);
    assertThat(got.header("X-Error-Code")).isEqualTo(code);
    assertThat(got.body().length).isLessThan(1000);
  }

  @Test
  void privateRepo_cachedForOne_isTheHubsNoForOthers() {
    offer();
    repo.privateTo(ANN);
    assertThat(as(ANN, MODEL).body()).isEqualTo(bytes);
    assertRefused(get(MODEL), 401, "RepoNotFound");
    assertRefused(as(BOB, MODEL), 404, "RepoNotFound");
    assertRefused(get("/hf/api/models/o/r"), 401, "RepoNotFound");
    assertRefused(as(BOB, "/hf/api/models/o/r/tree/main"), 404, "RepoNotFound");
    assertRefused(head(MODEL), 401, "RepoNotFound");
    Got bad = as("hf_nobody", MODEL);
    assertThat(bad.status()).isEqualTo(401);
    assertThat(bad.header("X-Error-Message"))
        .isEqualTo("Invalid credentials in Authorization header");
  }

  @Test
  void gatedRepo_isRefusedWithItsOwnCode() {
    offer();
    repo.gatedTo(ANN);
    assertThat(as(ANN, MODEL).status()).isEqualTo(200);
    assertRefused(get(MODEL), 401, "GatedRepo");
    assertRefused(as(BOB, MODEL), 403, "GatedRepo");
  }

  @Test
  void gatedRepo_describedToEverybody_filesAreStillRefused() {
    offer();
    repo.gatedTo(ANN);
    String commit = head(MODEL, "Authorization", "Bearer " + ANN).header("X-Repo-Commit");
    assertThat(as(ANN, MODEL).status()).isEqualTo(200);
    assertThat(as(ANN, "/hf/o/r/raw/main/config.json").status()).isEqualTo(200);
    for (int round = 0; round < 2; round++) {
      assertThat(get("/hf/api/models/o/r/revision/main").status()).isEqualTo(200);
      assertThat(get("/hf/api/models/o/r/tree/" + commit).status()).isEqualTo(200);
      assertRefused(get(MODEL), 401, "GatedRepo");
      assertRefused(get("/hf/o/r/resolve/" + commit + "/model.bin"), 401, "GatedRepo");
      assertRefused(get("/hf/o/r/raw/main/config.json"), 401, "GatedRepo");
      restart();
    }
    get("/hf/api/models/o/r/revision/main");
    hub.away();
    assertThat(get("/hf/o/r/resolve/" + commit + "/model.bin").status()).isIn(502, 503, 504);
    assertThat(get(MODEL).status()).isIn(502, 503, 504);
  }

  @Test
  void privateRepo_allowedAMomentAgo_isAnsweredFromMemoryAndAskedAboutAfterTheAccessTime() {
    offer();
    repo.privateTo(ANN);
    as(ANN, MODEL);
    restart();
    as(ANN, MODEL);
    hub.clearLog();
    Got got = as(ANN, MODEL);
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(got.cache()).isEqualTo("HIT");
    assertThat(hub.requests()).isEmpty();
    clock.pass(Duration.ofSeconds(60));
    assertThat(as(ANN, MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(hub.requests(r -> r.token().filter(ANN::equals).isPresent())).hasSize(1);
  }

  @Test
  void privateRepo_revoked_isRefusedAfterTheAccessTime() {
    offer();
    repo.privateTo(ANN);
    assertThat(as(ANN, MODEL).status()).isEqualTo(200);
    repo.privateTo(BOB);
    clock.pass(Duration.ofSeconds(59));
    assertThat(as(ANN, MODEL).status()).isEqualTo(200);
    clock.pass(Duration.ofSeconds(1));
    assertRefused(as(ANN, MODEL), 404, "RepoNotFound");
  }

  @Test
  void privateRepo_refused_isNotAskedAboutAgainForTenSeconds() {
    offer();
    repo.privateTo(ANN);
    assertRefused(as(BOB, MODEL), 404, "RepoNotFound");
    assertRefused(get(MODEL), 401, "RepoNotFound");
    hub.clearLog();
    assertRefused(as(BOB, MODEL), 404, "RepoNotFound");
    assertRefused(get(MODEL), 401, "RepoNotFound");
    assertThat(hub.requests()).isEmpty();
    repo.privateTo(BOB);
    clock.pass(Duration.ofSeconds(10));
    assertThat(as(BOB, MODEL).status()).isEqualTo(200);
  }

  @Test
  void refusal_whetherCachedOrNot_looksTheSame() {
    offer();
    repo.privateTo(ANN);
    Got cold = as(BOB, MODEL);
    assertThat(as(ANN, MODEL).status()).isEqualTo(200);
    clock.pass(Duration.ofSeconds(11));
    Got warm = as(BOB, MODEL);
    assertThat(warm.status()).isEqualTo(cold.status());
    assertThat(warm.text()).isEqualTo(cold.text());
    assertThat(warm.headers().map().keySet()).isEqualTo(cold.headers().map().keySet());
    assertThat(warm.headers().firstValue("X-Larder-Cache")).isEmpty();
  }

  @Test
  void privateRepo_hubAway_isGivenToNobodyAlsoAfterARestart() {
    offer();
    repo.privateTo(ANN);
    as(ANN, MODEL);
    String commitPath =
        "/hf/o/r/resolve/"
            + head(MODEL, "Authorization", "Bearer " + ANN).header("X-Repo-Commit")
            + "/model.bin";
    hub.away();
    assertThat(as(ANN, MODEL).body()).as("within the decision").isEqualTo(bytes);
    clock.pass(Duration.ofSeconds(61));
    for (int round = 0; round < 2; round++) {
      Got got = as(ANN, MODEL);
      assertThat(got.status()).isEqualTo(503);
      assertThat(got.header("Retry-After")).isNotEmpty();
      assertThat(get(MODEL).status()).isIn(502, 503, 504);
      assertThat(as(BOB, MODEL).status()).isIn(502, 503, 504);
      assertThat(get(commitPath).status()).isIn(502, 503, 504);
      assertThat(get("/hf/api/models/o/r").status()).isIn(502, 503, 504);
      restart();
    }
  }

  @Test
  void privateRepo_leavesNoTraceInTheSharedTree() {
    offer();
    repo.privateTo(ANN);
    as(ANN, MODEL);
    as(ANN, "/hf/api/models/o/r/revision/main");
    as(ANN, "/hf/o/r/resolve/main/none.txt");
    OnDisk disk = stop();
    assertThat(disk.blobs()).hasSize(1);
    assertThat(disk.tree(FOLDER)).isEmpty();
  }

  @Test
  void publicRepo_madePrivate_isRefusedAfterTheAccessTime() {
    offer();
    assertThat(get(MODEL).status()).isEqualTo(200);
    repo.privateTo(ANN);
    clock.pass(Duration.ofSeconds(61));
    assertRefused(get(MODEL), 401, "RepoNotFound");
    assertThat(as(ANN, MODEL).status()).isEqualTo(200);
    hub.away();
    assertRefused(get(MODEL), 401, "RepoNotFound");
    clock.pass(Duration.ofSeconds(10));
    assertThat(get(MODEL).status()).isEqualTo(503);
  }

  @Test
  void tokens_neverReachTheDownloadHost() {
    offer();
    repo.privateTo(ANN);
    as(ANN, MODEL);
    assertThat(hub.downloads("")).isNotEmpty();
    assertThat(hub.requests(r -> r.server() == HubRequest.Server.CDN))
        .noneMatch(HubRequest::authorized);
  }

  @Test
  void publicRepo_callersToken_staysHere() {
    offer();
    assertThat(as(ANN, MODEL).body()).isEqualTo(bytes);
    assertThat(hub.requests()).noneMatch(HubRequest::authorized);
  }

  @Test
  void xet_isNowhere() {
    offer();
    for (String path :
        new String[] {
          MODEL, "/hf/api/models/o/r", "/hf/api/models/o/r/tree/main?recursive=true&expand=true"
        }) {
      Got got = get(path);
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.headers().map().keySet())
          .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("x-xet"));
      assertThat(got.header("Link")).doesNotContain("xet");
      if (!path.equals(MODEL)) {
        assertThat(got.text()).doesNotContain("xetHash");
      }
    }
    assertThat(get("/hf/api/models/o/r/xet-read-token/main").status()).isEqualTo(404);
  }

  @Test
  void renamedRepo_isServedUnderItsOldName() {
    offer();
    hub.rename(RepoId.model("old/name"), RepoId.model("o/r"));
    Got got = get("/hf/old/name/resolve/main/model.bin");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(get("/hf/api/models/old/name").status()).isEqualTo(200);
    OnDisk _ = restart(); // The bytes came before they were put away.
    hub.clearLog();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void disabledRepo_isRefusedInTheHubsWords() {
    offer();
    repo.disabled();
    Got got = get(MODEL);
    assertThat(got.status()).isEqualTo(403);
    assertThat(got.header("X-Error-Message")).isEqualTo("Access to this resource is disabled.");
  }
}
