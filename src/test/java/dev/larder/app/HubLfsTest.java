package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens.GrantChange;
import dev.larder.access.Tokens.Wish;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeContent;
import dev.larder.testing.HubRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The LFS batch, asked as git-lfs asks it. */
final class HubLfsTest extends HubSite {
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final String BATCH = "/hf/o/r.git/info/lfs/objects/batch";

  private static String oid(byte[] bytes) {
    return FakeContent.of(bytes).sha256().hex();
  }

  private static String question(String operation, String ref, byte[]... objects) {
    return JsonMapper.shared()
        .writeValueAsString(
            Map.of(
                "operation",
                operation,
                "transfers",
                List.of("basic"),
                "ref",
                Map.of("name", ref),
                "hash_algo",
                "sha256",
                "objects",
                Stream.of(objects)
                    .map(bytes -> Map.of("oid", oid(bytes), "size", bytes.length))
                    .toList()));
  }

  private Got batch(String path, String question, String... headers) {
    List<String> all = new ArrayList<>(List.of("Accept", TYPE));
    all.addAll(List.of(headers));
    return post(path, TYPE, question, all.toArray(String[]::new));
  }

  private Got download(byte[]... objects) {
    return batch(BATCH, question("download", "refs/heads/main", objects));
  }

  private static JsonNode only(Got got) {
    JsonNode objects = json(got).path("objects");
    assertThat(objects).hasSize(1);
    return objects.get(0);
  }

  private String path(JsonNode object) {
    String href = object.path("actions").path("download").path("href").asString("");
    assertThat(href).startsWith(endpoint() + "/");
    return href.substring(server().address().toString().length());
  }

  private static int error(JsonNode object) {
    assertThat(object.has("actions")).isFalse();
    return object.path("error").path("code").asInt();
  }

  private static String basic(String token) {
    return "Basic " + Base64.getEncoder().encodeToString(("user:" + token).getBytes());
  }

  @Nested
  final class Found {
    @Test
    void batchOfTooMany_isRefusedBeforeItIsLookedUp() {
      byte[][] many = new byte[1001][];
      for (int i = 0; i < many.length; i++) {
        many[i] = Bytes.of(i, 8);
      }
      Got got = batch(BATCH, question("download", "refs/heads/main", many));
      assertThat(got.status()).isEqualTo(413);
      assertThat(got.text()).contains("at most 1000 objects");
    }

    @Test
    void objectAskedForTwice_isAnsweredOnce() {
      assertThat(path(only(download(weights, weights)))).isEqualTo(resolve(commit, "model.bin"));
    }

    @Test
    void atAPath_isAnAddressHere_thatGivesTheBytes() {
      for (String name : List.of("o/r", "o/r.git")) {
        Got got =
            batch(
                "/hf/" + name + "/info/lfs/objects/batch",
                question("download", "refs/heads/main", weights));
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("Content-Type")).isEqualTo(TYPE);
        assertThat(json(got).path("transfer").asString()).isEqualTo("basic");
        JsonNode object = only(got);
        assertThat(object.path("oid").asString()).isEqualTo(oid(weights));
        assertThat(path(object)).isEqualTo(resolve(commit, "model.bin"));
        assertThat(get(path(object)).body()).isEqualTo(weights);
      }
      assertThat(hub.fileBytesSent()).isEqualTo(weights.length);
    }

    @Test
    void onABranchWithAnOddName_isThere() {
      byte[] branch = Bytes.of(4, 5000);
      repo.lfs("a b/#1.bin", branch).commit("feature/x");
      Got got = batch(BATCH, question("download", "refs/heads/feature/x", branch));
      assertThat(get(path(only(got))).body()).isEqualTo(branch);
    }

    @Test
    void ofDatasets_isTheirs() {
      hub.repo("datasets", "o/rows").lfs("rows.bin", weights).commit("main");
      Got got =
          batch(
              "/hf/datasets/o/rows.git/info/lfs/objects/batch",
              question("download", "refs/heads/main", weights));
      assertThat(path(only(got))).startsWith("/hf/datasets/o/rows/resolve/");
      assertThat(get(path(only(got))).body()).isEqualTo(weights);
    }

    @Test
    void cached_isFoundWithoutTheHub() {
      assertThat(get(MODEL).status()).isEqualTo(200);
      restart(); // So that its row is written.
      hub.away();
      JsonNode object = only(download(weights));
      assertThat(get(path(object)).body()).isEqualTo(weights);
    }

    @Test
    void partOfIt_whileTheHubIsAway_isAnsweredAndTheRestIsNoMissingFile() {
      assertThat(get(MODEL).status()).isEqualTo(200);
      restart(); // So that its row is written.
      hub.away();
      JsonNode objects = json(download(weights, Bytes.of(8, 77))).path("objects");
      assertThat(path(objects.get(0))).isNotEmpty();
      assertThat(error(objects.get(1))).isIn(502, 503, 504);
    }

    @Test
    void ofAnOlderCommit_comesThroughHere_checked() {
      byte[] old = Bytes.of(21, 150_000);
      repo.lfs("old.bin", old).commit("main");
      repo.remove("old.bin").commit("main");
      String path = path(only(download(old)));
      assertThat(path).isEqualTo("/hf/o/r/info/lfs/objects/" + oid(old) + "?size=150000");
      Got got = get(path);
      assertThat(got.body()).isEqualTo(old);
      assertThat(got.cache()).isEqualTo("BYPASS");

      hub.on(r -> r.server() == HubRequest.Server.CDN).always().corrupt(149_999);
      Got wrong = get(path);
      assertThat(wrong.complete()).isFalse();
      assertThat(wrong.body().length).isLessThan(150_000);
    }
  }

  @Nested
  final class NotFound {
    @Test
    void unknownDigest_isAMissingObject() {
      assertThat(error(only(download(Bytes.of(9, 10))))).isEqualTo(404);
    }

    @Test
    void wrongSize_isSaid() {
      String wrong = question("download", "", weights).replace("300000", "300001");
      assertThat(error(only(batch(BATCH, wrong)))).isEqualTo(422);
    }

    @Test
    void digestOfAnotherRepoThatIsCached_givesNothing() {
      byte[] other = Bytes.of(31, 40_000);
      var closed = hub.model("o/closed").lfs("secret.bin", other);
      closed.commit("main");
      closed.privateTo(ANN);
      assertThat(as(ANN, "/hf/o/closed/resolve/main/secret.bin").body()).isEqualTo(other);

      assertThat(error(only(download(other)))).isEqualTo(404);
      Got direct = get("/hf/o/r/info/lfs/objects/" + oid(other) + "?size=40000");
      assertThat(direct.status()).isEqualTo(404);
      Got closedBatch =
          batch(
              "/hf/o/closed.git/info/lfs/objects/batch",
              question("download", "refs/heads/main", other));
      assertThat(closedBatch.status()).isEqualTo(401);
      assertThat(closedBatch.text()).doesNotContain("href");
    }
  }

  @Nested
  final class Rights {
    @Test
    void nobody_isAskedForAToken_others_areRefused_cachedOrNot() {
      repo.privateTo(ANN);
      String question = question("download", "refs/heads/main", weights);
      for (int round = 0; round < 2; round++) {
        Got nobody = batch(BATCH, question);
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(nobody.header("LFS-Authenticate")).startsWith("Basic ");
        assertThat(json(nobody).path("message").asString()).isEqualTo("Repository not found");
        assertThat(batch(BATCH, question, "Authorization", basic(BOB)).status()).isEqualTo(404);
        Got bad = batch(BATCH, question, "Authorization", basic("hf_nobody"));
        assertThat(bad.status()).isEqualTo(401);
        Got ann = batch(BATCH, question, "Authorization", basic(ANN));
        assertThat(ann.text()).doesNotContain(ANN);
        String path = path(only(ann));
        assertThat(get(path).status()).isEqualTo(401);
        assertThat(get(path, "Authorization", basic(ANN)).body()).isEqualTo(weights);
      }
    }

    @Test
    void gated_is403WithATokenWithoutTheRight() {
      repo.gatedTo(ANN);
      String question = question("download", "refs/heads/main", weights);
      assertThat(batch(BATCH, question).status()).isEqualTo(401);
      assertThat(batch(BATCH, question, "Authorization", basic(BOB)).status()).isEqualTo(403);
      assertThat(batch(BATCH, question, "Authorization", basic(ANN)).status()).isEqualTo(200);
    }

    @Test
    void grantHere_isEnough_andTheLocalTokenStaysHere() {
      repo.privateTo("hf_site_secret");
      byte[] old = Bytes.of(21, 150_000);
      repo.lfs("old.bin", old).commit("main");
      repo.remove("old.bin").commit("main");
      start("UPSTREAM_TOKEN", "hf_site_secret");
      var tokens = server().house().access().tokens();
      String local = tokens.create(new Wish("ci", Set.of("ml"), Optional.empty())).token();
      String question = question("download", "refs/heads/main", weights, old);
      assertThat(batch(BATCH, question, "Authorization", basic(local)).status()).isEqualTo(404);
      tokens.change(new GrantChange("ml", List.of(RepoPattern.parse("o/*")), List.of()));
      JsonNode objects =
          json(batch(BATCH, question, "Authorization", basic(local))).path("objects");
      assertThat(get(path(objects.get(0)), "Authorization", basic(local)).body())
          .isEqualTo(weights);
      assertThat(get(path(objects.get(1)), "Authorization", basic(local)).body()).isEqualTo(old);
      assertThat(hub.requests(r -> r.token().filter(local::equals).isPresent())).isEmpty();
    }
  }

  @Nested
  final class Wrong {
    @Test
    void upload_isRefusedAndTheHubHearsNothing() {
      Got got = batch(BATCH, question("upload", "refs/heads/main", weights));
      assertThat(got.status()).isEqualTo(403);
      assertThat(json(got).path("message").asString()).contains("the hub itself");
      assertThat(hub.requests()).isEmpty();
    }

    @Test
    void whatCannotBeAnswered_isSaid() {
      String fine = question("download", "refs/heads/main", weights);
      assertThat(batch(BATCH, "no json").status()).isEqualTo(422);
      assertThat(batch(BATCH, fine.replace("\"sha256\"", "\"md5\"")).status()).isEqualTo(409);
      assertThat(batch(BATCH, fine.replace("\"basic\"", "\"tus\"")).status()).isEqualTo(422);
      assertThat(batch(BATCH, fine.replace(oid(weights), "../../x")).status()).isEqualTo(422);
      assertThat(batch(BATCH, fine.replace("300000", "-1")).status()).isEqualTo(422);
      assertThat(get(BATCH).status()).isEqualTo(403);
      assertThat(hub.requests()).isEmpty();
    }

    @Test
    void digestThatIsNone_isNeverTheObject() {
      assertThat(get(MODEL).body()).isEqualTo(weights);
      hub.clearLog();
      String oid = oid(weights);
      for (String digest :
          List.of(
              "sha256:" + oid,
              "sha256-" + oid,
              oid.toUpperCase(Locale.ROOT).replace('0', 'A'),
              oid.substring(1),
              oid + "0",
              oid + "%0A",
              "..%2F" + oid.substring(3),
              "sha512:" + oid + oid)) {
        Got direct = get("/hf/o/r/info/lfs/objects/" + digest + "?size=300000");
        assertThat(direct.status()).as(digest).isIn(400, 404);
        assertThat(direct.body().length).isLessThan(1000);
        String question = question("download", "", weights).replace(oid, digest);
        assertThat(batch(BATCH, question).status()).as(digest).isEqualTo(422);
      }
      assertThat(hub.fileBytesSent()).isZero();
    }

    @Test
    void hubsAddressThatLeadsInside_isNotAsked() {
      byte[] old = Bytes.of(21, 1000);
      String answer =
          "{\"objects\":[{\"oid\":\"%s\",\"size\":1000,\"actions\":{\"download\":{\"href\":\"%s\"}}}]}"
              .formatted(oid(old), "http://169.254.169.254/latest");
      hub.page("/o/r.git/info/lfs/objects/batch", TYPE, answer);
      assertThat(get("/hf/o/r/info/lfs/objects/" + oid(old) + "?size=1000").status())
          .isEqualTo(502);
    }
  }
}
