package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The hub must not or cannot be asked: what one client brought in works for every other, and what
 * nobody did is never "not there".
 */
final class ServeOfflineTest extends SiteFixture {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String API = "/hf/api/models/o/r";
  private static final String CONFIG = "{\"hidden_size\": 8}";

  /** Why the hub is not asked. */
  private enum Why {
    OFFLINE,
    AWAY
  }

  private final byte[] model = Bytes.of(3, 200_000);
  private Commit commit = new Commit("0".repeat(40));
  private Why why = Why.OFFLINE;

  /** The questions of {@code snapshot_download}, and no others. */
  private void snapshot() {
    repo.lfs("model.bin", model).lfs("onnx/model.onnx", model).file("config.json", CONFIG);
    commit = repo.commit("main");
    hub.model("o/other").file("a.txt", "a").commit("main");
    get(API + "/revision/main");
    get(API + "/tree/" + commit + "?recursive=true&expand=false");
    for (String path : List.of("model.bin", "onnx/model.onnx", "config.json")) {
      head(resolve(commit, path));
      get(resolve(commit, path));
    }
  }

  private void goAway(Why reason) {
    why = reason;
    clock.pass(Duration.ofHours(30));
    if (why == Why.OFFLINE) {
      restart("OFFLINE", "true");
    } else {
      restart();
      hub.away();
    }
    hub.clearLog();
  }

  private Got cached(Got got) {
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.cache()).isEqualTo(why == Why.OFFLINE ? "HIT" : "STALE");
    assertThat(got.header("X-HF-Warning").isEmpty()).isEqualTo(why == Why.OFFLINE);
    return got;
  }

  private JsonNode json(String path) {
    return JSON.readTree(cached(get(path)).body());
  }

  private static List<String> paths(JsonNode files) {
    return files.valueStream().map(file -> file.path("path").asString()).sorted().toList();
  }

  @ParameterizedTest
  @EnumSource
  void files_ofASnapshot_areServedByBranchAndByCommit(Why reason) {
    snapshot();
    goAway(reason);
    for (String revision : List.of("main", commit.hex())) {
      String file = "/hf/o/r/resolve/" + revision + "/model.bin";
      assertThat(cached(get(file)).body()).isEqualTo(model);
      assertThat(cached(head(file)).header("X-Repo-Commit")).isEqualTo(commit.hex());
      Got part = get(file, "Range", "bytes=10-19");
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(model, 10, 20));
      assertThat(cached(get("/hf/o/r/resolve/" + revision + "/config.json")).text())
          .isEqualTo(CONFIG);
    }
    assertThat(hub.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void descriptions_ofASnapshot_areServedWithAndWithoutSizes(Why reason) {
    snapshot();
    goAway(reason);
    for (String path : List.of(API, API + "/revision/main", API + "/revision/" + commit)) {
      assertThat(json(path).path("sha").asString()).isEqualTo(commit.hex());
      JsonNode files = json(path + "?blobs=true").path("siblings");
      assertThat(files).hasSize(3);
      JsonNode large = files.valueStream().filter(file -> file.has("lfs")).findFirst().get();
      assertThat(large.path("size").asInt()).isEqualTo(model.length);
      assertThat(large.path("lfs").path("sha256").asString()).isEqualTo(Bytes.digest(model).hex());
    }
  }

  @ParameterizedTest
  @EnumSource
  void listings_ofASnapshot_areServedWholeAndInParts(Why reason) {
    snapshot();
    goAway(reason);
    for (String revision : List.of("main", commit.hex())) {
      String tree = API + "/tree/" + revision;
      assertThat(paths(json(tree + "?recursive=true")))
          .containsExactly("config.json", "model.bin", "onnx", "onnx/model.onnx");
      assertThat(paths(json(tree))).containsExactly("config.json", "model.bin", "onnx");
      assertThat(paths(json(tree + "/onnx"))).containsExactly("onnx/model.onnx");
    }
  }

  /** What transformers asks for and takes as "there are none". */
  @ParameterizedTest
  @EnumSource
  void listing_ofADirectoryThatTheSnapshotLacks_isNotThere(Why reason) {
    snapshot();
    goAway(reason);
    Got none = get(API + "/tree/main/additional_chat_templates?recursive=false&expand=false");
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.header("X-Error-Code")).isEqualTo("EntryNotFound");
    assertThat(none.header("X-Repo-Commit")).isEqualTo(commit.hex());
  }

  @ParameterizedTest
  @EnumSource
  void paths_ofASnapshot_areTold(Why reason) {
    snapshot();
    goAway(reason);
    for (String revision : List.of("main", commit.hex())) {
      Got got =
          cached(
              post(
                  API + "/paths-info/" + revision,
                  "{\"paths\":[\"model.bin\",\"none.txt\",\"onnx\"]}"));
      JsonNode found = JSON.readTree(got.body());
      assertThat(paths(found)).containsExactly("model.bin", "onnx");
      assertThat(found.get(0).path("lfs").path("oid").asString())
          .isEqualTo(Bytes.digest(model).hex());
      assertThat(found.toString()).doesNotContain("xet");
    }
  }

  /** The first question of llama.cpp, which no Python asked. */
  @ParameterizedTest
  @EnumSource
  void refs_thatNobodyAskedFor_areThoseThatAreKnown(Why reason) {
    snapshot();
    get(MODEL);
    goAway(reason);
    JsonNode refs = json(API + "/refs");
    JsonNode main = refs.path("branches").get(0);
    assertThat(main.path("name").asString()).isEqualTo("main");
    assertThat(main.path("ref").asString()).isEqualTo("refs/heads/main");
    assertThat(main.path("targetCommit").asString()).isEqualTo(commit.hex());
    assertThat(refs.path("tags").isArray() && refs.path("converts").isArray()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everythingElse_isRefusedForNowAndNeverNotThere(Why reason) {
    snapshot();
    goAway(reason);
    List<String> never =
        List.of(
            "/hf/o/r/resolve/other-branch/model.bin",
            "/hf/o/other/resolve/main/a.txt",
            "/hf/nobody/knows/resolve/main/a.txt",
            "/hf/datasets/o/r/resolve/main/a.txt",
            "/hf/o/r/raw/main/other.txt",
            "/hf/api/models/o/other",
            "/hf/api/models/o/other/refs",
            "/hf/api/models/o/other/tree/main",
            "/hf/api/models/o/r/revision/other-branch",
            "/hf/api/models/o/r/commits/main",
            "/hf/api/models/o/r/tree/main?expand=true",
            "/hf/api/models/o/r?expand=downloads");
    for (String path : never) {
      for (Got got : List.of(get(path), head(path))) {
        assertThat(got.status()).as(path).isIn(503, 504);
        assertThat(got.header("X-Error-Code")).as(path).isEmpty();
        assertThat(got.header("X-Error-Message")).as(path).isNotEmpty();
      }
    }
    Got paths = post("/hf/api/models/o/other/paths-info/main", "{\"paths\":[\"a.txt\"]}");
    assertThat(paths.status()).isIn(503, 504);
    assertThat(get("/hf/api/whoami-v2", "Authorization", "Bearer hf_x").status()).isIn(503, 504);
    if (reason == Why.OFFLINE) {
      assertThat(hub.requests()).isEmpty();
    }
  }

  /** Python brought it all, and nothing was ever asked through Larder. */
  @ParameterizedTest
  @EnumSource
  void cacheOfPythons_declaredPublic_isServed(Why reason) throws IOException {
    repo.lfs("model.bin", model).file("config.json", CONFIG);
    commit = repo.commit("main");
    putByPython();
    why = reason;
    if (reason == Why.OFFLINE) {
      start("OFFLINE", "true", "ADOPTED", "public");
    } else {
      hub.away();
      start("ADOPTED", "public");
    }
    assertThat(cached(get(MODEL)).body()).isEqualTo(model);
    assertThat(json(API + "/revision/main").path("sha").asString()).isEqualTo(commit.hex());
    assertThat(paths(json(API + "/tree/main?recursive=true")))
        .containsExactly("config.json", "model.bin");
    assertThat(json(API + "/refs").path("branches").get(0).path("targetCommit").asString())
        .isEqualTo(commit.hex());
    Got paths = cached(post(API + "/paths-info/main", "{\"paths\":[\"config.json\"]}"));
    assertThat(JSON.readTree(paths.body()).get(0).path("size").asInt()).isEqualTo(CONFIG.length());
  }

  /** As huggingface_hub 1.23 writes it, the listing included. */
  private void putByPython() throws IOException {
    Path folder = root.resolve("hub").resolve(FOLDER);
    byte[] config = CONFIG.getBytes(StandardCharsets.UTF_8);
    String sha = Bytes.digest(model).hex();
    String git = Bytes.gitId(config).hex();
    Path snapshot = folder.resolve("snapshots").resolve(commit.hex());
    for (Path made : List.of(snapshot, folder.resolve("blobs"), folder.resolve("refs"))) {
      Files.createDirectories(made);
    }
    Files.write(folder.resolve("blobs").resolve(sha), model);
    Files.write(folder.resolve("blobs").resolve(git), config);
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("../../blobs/" + sha));
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/" + git));
    Files.writeString(folder.resolve("refs/main"), commit.hex());
    Files.createDirectories(folder.resolve("trees"));
    Files.writeString(
        folder.resolve("trees/" + commit + ".json"),
        """
        {"format_version":1,"files":{"config.json":{"size":%d,"blob_id":"%s"},\
        "model.bin":{"size":%d,"blob_id":"%s","lfs_sha256":"%s","lfs_size":%d}}}"""
            .formatted(config.length, git, model.length, "a".repeat(40), sha, model.length));
  }
}
