package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeContent;
import dev.larder.testing.HubRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The hub's API as its clients read it, through a server. */
final class HubApiTest extends HubSite {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String NEXT = "<(.*)>; rel=\"next\"";

  @Nested
  final class Descriptions {
    @Test
    void ofARevision_hasIdCommitAndNames_theCommitOfFilesAtTheSameMoment() {
      for (int round = 0; round < 2; round++) {
        JsonNode info = json(get("/hf/api/models/o/r/revision/main"));
        assertThat(info.path("id").asString()).isEqualTo("o/r");
        assertThat(info.path("siblings").findValuesAsString("rfilename"))
            .containsExactlyInAnyOrder("config.json", "model.bin", "sub/x.txt");
        assertThat(info.path("sha").asString()).isEqualTo(head(CONFIG).header("X-Repo-Commit"));
        repo.file("config.json", "{\"b\": 2}");
        repo.commit("main");
        clock.pass(Duration.ofSeconds(round == 0 ? 30 : 61));
      }
      assertThat(json(get("/hf/api/models/o/r/revision/main")).path("sha").asString())
          .isEqualTo(head(CONFIG).header("X-Repo-Commit"));
    }

    @Test
    void withBlobs_addsSizeBlobIdAndLfs() {
      JsonNode info = json(get("/hf/api/models/o/r/revision/main?blobs=true"));
      JsonNode file = info.path("siblings").get(1);
      assertThat(file.path("rfilename").asString()).isEqualTo("model.bin");
      assertThat(file.path("size").asInt()).isEqualTo(300_000);
      assertThat(file.path("blobId").asString()).hasSize(40);
      assertThat(file.path("lfs").propertyNames())
          .containsExactlyInAnyOrder("sha256", "size", "pointerSize");
    }
  }

  @Nested
  final class Listings {
    private void fill(int files) {
      for (int i = 0; i < files; i++) {
        repo.file("many/%05d.txt".formatted(i), "" + i);
      }
      commit = repo.commit("main");
    }

    @Test
    void recursive_listsEveryFileWhole() {
      JsonNode tree = json(get("/hf/api/models/o/r/tree/main?recursive=true&expand=false"));
      Set<String> files = new HashSet<>();
      for (JsonNode entry : tree) {
        assertThat(entry.path("oid").asString()).hasSize(40);
        assertThat(entry.has("size")).isTrue();
        if (entry.path("type").asString().equals("file")) {
          files.add(entry.path("path").asString());
        }
        if (entry.has("lfs")) {
          assertThat(entry.path("lfs").propertyNames())
              .containsExactlyInAnyOrder("oid", "size", "pointerSize");
        }
      }
      assertThat(files).containsExactlyInAnyOrder("config.json", "model.bin", "sub/x.txt");
    }

    @Test
    void ofManyPages_areOnePageHere_forClientsThatReadOnlyTheFirst() {
      fill(2500);
      Got got = get("/hf/api/models/o/r/tree/main?recursive=true&expand=false");
      assertThat(json(got)).hasSizeGreaterThan(2500);
      assertThat(got.header("Link")).isEmpty();
      assertThat(hub.requests(r -> r.path().contains("/tree/"))).hasSizeGreaterThan(2);
    }

    @Test
    void ofAFolder_namedWithEscapedSlashes() {
      repo.file("a/b/c.txt", "c");
      repo.commit("main");
      Got got = get("/hf/api/models/o/r/tree/main/a%2Fb?recursive=false&expand=false");
      assertThat(json(got).findValuesAsString("path")).containsExactly("a/b/c.txt");
      assertThat(get("/hf/api/models/o/r/tree/main/a/b").text()).isEqualTo(got.text());
    }

    @Test
    void pathsInfo_takesFormAndJson_andLeavesUnknownPathsOut() {
      String path = "/hf/api/models/o/r/paths-info/main";
      Got form = post(path, FORM, "paths=model.bin&paths=none&expand=true");
      Got json = post(path, "application/json", "{\"paths\":[\"model.bin\",\"none\"]}");
      assertThat(json(form).findValuesAsString("path")).containsExactly("model.bin");
      assertThat(json(json).findValuesAsString("path")).containsExactly("model.bin");
    }

    @Test
    void pathsInfo_ofWhatIsNeitherFormNorJson_isABadRequest() {
      String path = "/hf/api/models/o/r/paths-info/main";
      for (String body : List.of("[[[[", "[\"model.bin\"]", "{\"paths\":", "nonsense")) {
        assertThat(post(path, FORM, body).status()).as(body).isEqualTo(400);
      }
      assertThat(post(path, FORM, "expand=False").text()).isEqualTo("[]");
    }

    @Test
    void refs_haveTheThreeListsWithNameRefAndCommit() {
      repo.tag("v1", commit).ref("refs/convert/parquet", commit);
      JsonNode refs = json(get("/hf/api/models/o/r/refs"));
      for (String list : List.of("branches", "tags", "converts")) {
        JsonNode ref = refs.path(list).get(0);
        assertThat(ref.path("name").asString()).isNotEmpty();
        assertThat(ref.path("ref").asString()).startsWith("refs/");
        assertThat(ref.path("targetCommit").asString()).isEqualTo(commit.hex());
      }
    }

    @Test
    void commits_pageAfterPage_comeFromHere() {
      for (int i = 0; i < 6; i++) {
        repo.file("config.json", "{" + i + "}");
        repo.commit("main");
      }
      hub.pageSize(3);
      String path = "/hf/api/models/o/r/commits/main";
      Set<String> ids = new HashSet<>();
      for (int pages = 1; !path.isEmpty(); pages++) {
        Got got = get(path);
        ids.addAll(json(got).findValuesAsString("id"));
        path = next(got);
        assertThat(pages).isLessThanOrEqualTo(3);
      }
      assertThat(ids).hasSize(7);
    }
  }

  /** Where clients are sent next. */
  @Nested
  final class Addresses {
    private static final String[] CLAIMS = {
      "X-Forwarded-Host", "evil.example",
      "X-Forwarded-Proto", "https",
      "X-Forwarded-Prefix", "/evil",
      "Forwarded", "host=evil.example;proto=https",
      "X-Host", "evil.example",
      "X-Original-Host", "evil.example"
    };

    private Got commits() {
      repo.file("config.json", "{}").commit("main");
      repo.file("config.json", "{2}").commit("main");
      hub.pageSize(1);
      return get("/hf/api/models/o/r/commits/main", CLAIMS);
    }

    private Got batch() {
      String oid = FakeContent.of(weights).sha256().hex();
      return post(
          "/hf/o/r.git/info/lfs/objects/batch",
          "application/vnd.git-lfs+json",
          "{\"operation\":\"download\",\"objects\":[{\"oid\":\"%s\",\"size\":%d}]}"
              .formatted(oid, weights.length),
          CLAIMS);
    }

    @Test
    void areOfThisServer_whateverHeadersClaim() {
      assertThat(commits().header("Link")).startsWith("<" + endpoint() + "/api/models/o/r/");
      assertThat(json(batch()).findValuesAsString("href"))
          .singleElement()
          .asString()
          .startsWith(endpoint() + "/o/r/");
    }
  }

  /** The next page's path; it has to be here. */
  private String next(Got got) {
    String link = got.header("Link");
    if (link.isEmpty()) {
      return "";
    }
    String address = link.replaceFirst(NEXT, "$1");
    assertThat(address).startsWith(endpoint());
    return address.substring(server().address().toString().length());
  }

  @Nested
  final class Searches {
    @Test
    void query_goesAlongAndPagesComeFromHere() {
      for (int i = 0; i < 5; i++) {
        hub.model("org/find-" + i).commit("main");
      }
      hub.pageSize(2);
      Set<String> ids = new HashSet<>();
      String path = "/hf/api/models?search=find&author=org&expand%5B%5D=tags&full=true";
      for (; !path.isEmpty(); ) {
        Got got = get(path);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.text()).doesNotContain("xet");
        ids.addAll(json(got).findValuesAsString("id"));
        path = next(got);
      }
      assertThat(ids).hasSize(5);
      assertThat(hub.requests(r -> r.path().equals("/api/models")))
          .hasSize(3)
          .allMatch(
              r -> r.query().contains("expand%5B%5D=tags") && r.query().contains("full=true"));
    }

    @Test
    void ofDatasetsAndSpaces_areTheirs() {
      hub.repo("datasets", "o/rows").commit("main");
      hub.repo("spaces", "o/app").commit("main");
      assertThat(json(get("/hf/api/datasets")).findValuesAsString("id")).containsExactly("o/rows");
      assertThat(json(get("/hf/api/spaces?limit=1")).findValuesAsString("id"))
          .containsExactly("o/app");
    }

    @Test
    void areTheCallersOwn_andNeverKept() {
      repo.privateTo(ANN);
      assertThat(json(as(ANN, "/hf/api/models?search=r"))).hasSize(1);
      assertThat(json(get("/hf/api/models?search=r"))).isEmpty();
      assertThat(json(as(BOB, "/hf/api/models?search=r"))).isEmpty();
      assertThat(get("/hf/api/models?search=r").cache()).isEqualTo("BYPASS");
    }

    @Test
    void answerWithoutEnd_isRefused() {
      hub.on(r -> r.path().equals("/api/models")).always().lieAboutLength(1L << 33);
      assertThat(get("/hf/api/models").status()).isEqualTo(502);
    }
  }

  @Nested
  final class Beside {
    @Test
    void agentHarnesses_isAnsweredInMillisecondsAlsoWithoutAHub() {
      server();
      hub.away();
      get("/hf/api/agent-harnesses");
      long begin = System.nanoTime();
      assertThat(get("/hf/api/agent-harnesses").status()).isEqualTo(404);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void preflight_allowsWhatBrowsersSend() {
      for (String path : List.of(MODEL, "/hf/api/models/o/r/paths-info/main", "/hf/api/models")) {
        Got got =
            send(
                "OPTIONS",
                path,
                new String[] {
                  "Origin", "https://page.example",
                  "Access-Control-Request-Method", "GET",
                  "Access-Control-Request-Headers", "range,authorization"
                },
                "");
        assertThat(got.status()).isEqualTo(204);
        assertThat(got.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(got.header("Access-Control-Allow-Headers").split(", "))
            .contains("Range", "Authorization", "Accept", "Content-Type");
        assertThat(got.header("Access-Control-Allow-Methods").split(", "))
            .contains("GET", "HEAD", "POST");
      }
      assertThat(hub.requests()).isEmpty();
    }

    @Test
    void answers_letBrowsersReadTheirHeaders() {
      assertThat(get(MODEL).header("Access-Control-Expose-Headers").split(", "))
          .contains(
              "ETag",
              "Content-Range",
              "Content-Length",
              "Accept-Ranges",
              "X-Repo-Commit",
              "X-Linked-Size",
              "X-Linked-Etag",
              "X-Error-Code",
              "X-Error-Message",
              "Link");
    }

    @Test
    void rawOfALargeFile_isItsPointer() {
      assertThat(get("/hf/o/r/raw/main/model.bin").text())
          .startsWith("version https://git-lfs.github.com/spec/v1\noid sha256:");
    }

    @Test
    void callersTokens_areShownToTheHubAlone() {
      repo.privateTo(ANN);
      as(ANN, MODEL);
      as(ANN, "/hf/api/models?search=r");
      assertThat(hub.requests(r -> r.server() == HubRequest.Server.CDN))
          .noneMatch(HubRequest::authorized);
    }
  }
}
