package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names on their way through: revisions with slashes, odd paths, ids of one part, other kinds. */
final class HubNamesTest extends HubSite {
  @Nested
  final class Revisions {
    @ParameterizedTest
    @ValueSource(strings = {"refs/pr/1", "refs/convert/parquet"})
    void withSlashes_escapedAndNot_areOneRevision(String name) {
      repo.ref(name, commit);
      for (String spelled : List.of(name.replace("/", "%2F"), name)) {
        assertThat(get("/hf/o/r/resolve/" + spelled + "/sub/x.txt").text()).isEqualTo("deep");
        assertThat(json(get("/hf/api/models/o/r/tree/" + spelled + "?recursive=true"))).hasSize(4);
        Got info = get("/hf/api/models/o/r/revision/" + spelled);
        assertThat(json(info).path("sha").asString()).isEqualTo(commit.hex());
      }
    }

    @Test
    void tagAndBranchAndCommit_resolve() {
      repo.tag("v1.0", commit).branch("feature/x", commit);
      for (String name : List.of("main", "v1.0", "feature%2Fx", commit.hex())) {
        assertThat(get("/hf/o/r/resolve/" + name + "/sub/x.txt").text()).isEqualTo("deep");
      }
    }

    @Test
    void convertedParquetOfADataset_isListedAndRead() {
      var rows = hub.repo("datasets", "o/rows").file("data.csv", "a\n1\n");
      rows.commit("main");
      rows.remove("data.csv").lfs("default/train/0000.parquet", weights);
      rows.ref("refs/convert/parquet", rows.commit("convert"));

      assertThat(get("/hf/api/datasets/o/rows/refs").text()).contains("refs/convert/parquet");
      String file =
          "/hf/datasets/o/rows/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet";
      assertThat(get(file).body()).isEqualTo(weights);
      assertThat(
              get("/hf/api/datasets/o/rows/tree/refs%2Fconvert%2Fparquet/default%2Ftrain").text())
          .contains("default/train/0000.parquet");
    }
  }

  @Nested
  final class Paths {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "a b.txt",
          "a+b.txt",
          "a#b.txt",
          "été/日本.txt",
          "100%25.txt",
          "q?x=1&y.txt",
          "semi;colon",
          "tilde~(1)[2]{3}.txt",
          "=.txt",
          "@at:colon,comma'quote\".txt"
        })
    void odd_goesRoundTrip(String name) {
      repo.file(name, "odd " + name).lfs("lfs/" + name, weights);
      repo.commit("main");
      String path = escaped(name);
      assertThat(get("/hf/o/r/resolve/main/" + path).text()).isEqualTo("odd " + name);
      assertThat(get("/hf/o/r/resolve/main/lfs/" + path).body()).isEqualTo(weights);
      assertThat(get("/hf/o/r/raw/main/" + path).text()).isEqualTo("odd " + name);
      assertThat(json(get("/hf/api/models/o/r/tree/main?recursive=true")).toString())
          .contains(tools.jackson.databind.json.JsonMapper.shared().writeValueAsString(name));
      Got asked =
          post(
              "/hf/api/models/o/r/paths-info/main",
              "application/x-www-form-urlencoded",
              "paths=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
      assertThat(json(asked).get(0).path("path").asString()).isEqualTo(name);
    }

    private static String escaped(String path) {
      StringBuilder out = new StringBuilder();
      for (String part : path.split("/", -1)) {
        out.append(out.isEmpty() ? "" : "/")
            .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
      }
      return out.toString();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "o/r/resolve/main/..%2F..%2Fetc%2Fpasswd",
          "o/r/resolve/main/%2e%2e/%2e%2e/x",
          "o/r/resolve/main/%2Fetc%2Fpasswd",
          "o/r/resolve/main/a%00b",
          "o/r/resolve/main/a%5C..%5Cb",
          "o/r/resolve/main/a%0Ab",
          "o/r/resolve/main/ri%E2%80%8Fght",
          "o/r/resolve/..%2Fx/config.json",
          "..%2Fo/r/resolve/main/x",
          "api/models/o/r/tree/main/%2e%2e",
          "api/models/..%2F..%2Fx/revision/main",
          "o/r/raw/main/..%2Fx"
        })
    void thatLeaveTheirPlace_areRefusedAndTheHubHearsNothing(String path) {
      Got got = get("/hf/" + path);
      assertThat(got.status()).isEqualTo(400);
      assertThat(hub.requests()).isEmpty();
      assertThat(stop().tree(FOLDER)).isEmpty();
    }
  }

  @Nested
  final class Ids {
    @Test
    void ofOnePart_haveApiAndFiles() {
      hub.model("gpt2").file("config.json", "{}").lfs("model.bin", weights).commit("main");
      assertThat(get("/hf/gpt2/resolve/main/config.json").text()).isEqualTo("{}");
      assertThat(get("/hf/gpt2/resolve/main/model.bin").body()).isEqualTo(weights);
      assertThat(json(get("/hf/api/models/gpt2")).path("id").asString()).isEqualTo("gpt2");
      assertThat(get("/hf/api/models/gpt2/revision/main").status()).isEqualTo(200);
      assertThat(get("/hf/api/models/gpt2/tree/main").status()).isEqualTo(200);
      assertThat(get("/hf/api/models/gpt2/refs").status()).isEqualTo(200);
      assertThat(get("/hf/api/models/gpt2/auth-check").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"datasets", "spaces"})
    void ofOtherKinds_haveApiAndFiles(String kind) {
      for (String name : List.of("o/r", "squad")) {
        hub.repo(kind, name).file("app.py", kind + name).commit("main");
        assertThat(get("/hf/" + kind + "/" + name + "/resolve/main/app.py").text())
            .isEqualTo(kind + name);
        assertThat(get("/hf/api/" + kind + "/" + name + "/revision/main").status()).isEqualTo(200);
      }
    }

    @Test
    void renamed_areServedDirectly() {
      hub.rename(RepoId.model("old/name"), RepoId.model("o/r"));
      assertThat(get("/hf/old/name/resolve/main/model.bin").body()).isEqualTo(weights);
      assertThat(head("/hf/old/name/resolve/main/config.json").status()).isEqualTo(200);
      assertThat(json(get("/hf/api/models/old/name/revision/main")).path("sha").asString())
          .isEqualTo(commit.hex());
      assertThat(get("/hf/api/models/old/name/tree/main").status()).isEqualTo(200);
    }

    @Test
    void keptAddressOfASmallFile_isAnswered() {
      String path = "/hf/api/resolve-cache/models/o/r/" + commit + "/config.json";
      for (String query : List.of("", "?etag=%22x%22", "?%2Fo%2Fr%2Fresolve&etag=%22x%22")) {
        Got got = get(path + query);
        assertThat(got.text()).isEqualTo("{\"a\": 1}");
        assertThat(got.header("X-Repo-Commit")).isEqualTo(commit.hex());
        assertThat(head(path + query).header("ETag")).isEqualTo(got.header("ETag"));
      }
    }
  }
}
