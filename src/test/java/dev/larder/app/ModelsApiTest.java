package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code /api/models}, {@code /api/cache} and {@code /v1} of a server with a real model. */
@Timeout(120)
final class ModelsApiTest extends ModelSite {
  private static final List<String> RECORD =
      List.of(
          "model_name",
          "hf_path",
          "revision",
          "cache_location",
          "engine",
          "file",
          "registered_at",
          "state",
          "commit",
          "files",
          "size_bytes",
          "pulled_at",
          "loaded");

  @Test
  void model_registeredPulledLoadedUnloadedRemoved() {
    Got made = register("minilm");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.headers().firstValue("Location")).contains("/api/models/minilm");
    assertThat(json(made).propertyNames()).containsExactlyElementsOf(RECORD);
    assertThat(json(made).path("state").asString()).isEqualTo("registered");
    assertThat(json(made).path("cache_location").asString()).isEqualTo("primary");
    assertThat(json(made).path("revision").asString()).isEqualTo("main");
    assertThat(json(made).path("commit").isNull()).isTrue();
    assertThat(get("/api/models").text()).isEqualTo("[" + made.text() + "]");

    Got pulled = post("/api/models/minilm/pull", "");
    assertThat(pulled.status()).as(pulled.text()).isEqualTo(200);
    assertThat(json(pulled).path("state").asString()).isEqualTo("pulled");
    assertThat(json(pulled).path("engine").asString()).isEqualTo("onnx");
    assertThat(json(pulled).path("size_bytes").asLong()).isBetween(20_000_000L, 30_000_000L);
    assertThat(hub.downloads("pytorch_model.bin")).isEmpty();
    assertThat(stats().toString()).isEqualTo("{\"total_entries\":0,\"entries\":{}}");

    Got loaded = post("/api/models/minilm/load", "{}");
    assertThat(json(loaded).path("state").asString()).isEqualTo("loaded");
    assertThat(json(loaded).path("loaded").propertyNames())
        .containsExactly("since", "size_bytes", "access_count", "leases");
    assertThat(json(get("/api/models/minilm"))).isEqualTo(json(loaded));
    JsonNode before = stats();
    assertThat(post("/api/models/minilm/load", "{}").status()).isEqualTo(200);
    assertThat(stats().path("entries").path("minilm").path("created_at"))
        .isEqualTo(before.path("entries").path("minilm").path("created_at"));

    Got unloaded = post("/api/models/minilm/unload", "");
    assertThat(json(unloaded).path("state").asString()).isEqualTo("pulled");
    assertThat(stats().path("total_entries").asInt()).isZero();
    assertThat(ask("DELETE", "/api/models/minilm").status()).isEqualTo(200);
    assertThat(get("/api/models/minilm").status()).isEqualTo(404);
    assertThat(get("/api/models").text()).isEqualTo("[]");
  }

  private Got ask(String method, String path) {
    return send(method, path, "");
  }

  @Test
  void embeddings_ofAColdModel_bringItAndLoadIt_andSayWhatIsAlike() {
    register("minilm");

    Got got =
        embed(
            "minilm",
            "A cat sits on the mat.",
            "A kitten rests on the rug.",
            "The stock market fell today.");

    assertThat(got.status()).as(got.text()).isEqualTo(200);
    assertThat(json(got).path("usage").path("prompt_tokens").asInt()).isBetween(20, 40);
    assertThat(vector(got, 0)).hasSize(DIMENSIONS);
    double alike = cosine(vector(got, 0), vector(got, 1));
    assertThat(alike).isGreaterThan(cosine(vector(got, 0), vector(got, 2)) + 0.3);
    assertThat(hub.downloads("pytorch_model.bin")).isEmpty();
    assertThat(stats().path("total_entries").asInt()).isEqualTo(1);
    long brought = hub.fileBytesSent();
    assertThat(brought).isEqualTo(json(get("/api/models/minilm")).path("size_bytes").asLong());
    assertThat(embed("minilm", "again").status()).isEqualTo(200);
    assertThat(hub.fileBytesSent()).isEqualTo(brought);
  }

  @Test
  void stats_haveWhatThePageSaysAndNothingElse() {
    register("minilm");
    embed("minilm", "one");
    clock.pass(Duration.ofSeconds(5));
    embed("minilm", "two", "three");

    JsonNode stats = stats();
    assertThat(stats.propertyNames()).containsExactly("total_entries", "entries");
    JsonNode entry = stats.path("entries").path("minilm");
    assertThat(entry.path("access_count").asInt()).isEqualTo(2);
    Instant created = Instant.parse(entry.path("created_at").asString());
    Instant last = Instant.parse(entry.path("last_accessed").asString());
    assertThat(last).isAfterOrEqualTo(created);
    assertThat(entry.path("age_seconds").isNumber()).isTrue();
    assertThat(entry.path("size_bytes").asLong()).isGreaterThan(20_000_000L);
    assertThat(entry.path("hits").asInt()).isEqualTo(1);
    assertThat(entry.path("misses").asInt()).isEqualTo(1);
    assertThat(entry.path("leases").asInt()).isZero();
    assertThat(post("/api/cache/clear", "").text()).isEqualTo("{\"cleared\":1}");
    assertThat(stats().path("total_entries").asInt()).isZero();
    assertThat(post("/api/cache/clear", "").text()).isEqualTo("{\"cleared\":0}");
  }

  @Test
  void manyClients_ofAColdModel_areOneDownloadAndOneLoad() {
    register("minilm");
    List<CompletableFuture<Got>> all = new ArrayList<>();
    server();
    for (int i = 0; i < 64; i++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> embed("minilm", "the same"), Thread::startVirtualThread));
    }

    for (CompletableFuture<Got> each : all) {
      assertThat(each.join().status()).as(each.join().text()).isEqualTo(200);
    }
    JsonNode entry = stats().path("entries").path("minilm");
    assertThat(entry.path("access_count").asInt()).isEqualTo(64);
    assertThat(entry.path("misses").asInt()).isGreaterThan(0);
    assertThat(hub.fileBytesSent())
        .isEqualTo(json(get("/api/models/minilm")).path("size_bytes").asLong());
  }

  @Test
  void cachedRepo_isNamedDirectly_andOneThatIsNotIs404() {
    Got unknown = embed(REPO, "a");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(json(unknown).path("error").path("code").asString()).isEqualTo("model_not_found");
    pull();

    Got known = embed(REPO, "a");

    assertThat(known.status()).as(known.text()).isEqualTo(200);
    assertThat(stats().path("entries").propertyNames()).containsExactly(REPO);
    assertThat(json(get("/v1/models/" + REPO)).path("id").asString()).isEqualTo(REPO);
    assertThat(json(get("/v1/models/" + REPO.replace("/", "%2F"))).path("owned_by").asString())
        .isEqualTo("st");
  }

  /** As {@code larder pull} does it. */
  private void pull() {
    var request = new PullRequest(RepoId.model(REPO), Revision.MAIN, FileSelection.ALL, false);
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      PullResult _ = larder.pull(request, PullListener.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                                                    | 400 | bad-name",
        "                                                                      | 400 | bad-name",
        "[]                                                                    | 400 | bad-request",
        "null                                                                  | 400 | bad-request",
        "{                                                                     | 400 | bad-request",
        "{\"model_name\":\"m\"}                                                | 400 | bad-name",
        "{\"model_name\":\"a/b\",\"hf_path\":\"o/r\"}                          | 400 | bad-name",
        "{\"model_name\":\"..\",\"hf_path\":\"o/r\"}                           | 400 | bad-name",
        "{\"model_name\":\"m\",\"hf_path\":\"a/b/c\"}                          | 400 | bad-name",
        "{\"model_name\":\"m\",\"hf_path\":\"datasets/o/r\"}                   | 400 | bad-name",
        "{\"model_name\":\"m\",\"hf_path\":\"o/r\",\"revision\":\"../x\"}      | 400 | bad-name",
        "{\"model_name\":\"m\",\"hf_path\":\"o/r\",\"file\":\"../x\"}          | 400 | bad-name",
        "{\"model_name\":\"m\",\"hf_path\":\"o/r\",\"engine\":\"pickle\"}      | 422 | unknown-engine",
        "{\"model_name\":\"m\",\"hf_path\":\"o/r\",\"cache_location\":\"no\"}  | 404 | no-such-location",
        "{\"model_name\":[],\"hf_path\":\"o/r\"}                               | 400 | bad-request",
        "{\"model_name\":\"here\",\"hf_path\":\"o/r\"}                         | 409 | model-exists",
      })
  void register_ofWhatCannotBe_isAProblem(String body, int status, String code) {
    register("here");

    Got got = post("/api/models", body == null ? "" : body);

    assertThat(got.status()).as(got.text()).isEqualTo(status);
    assertThat(json(got).path("code").asString()).isEqualTo(code);
    assertThat(got.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(get("/api/models")).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pull", "load", "unload"})
  void work_onWhatIsNotRegistered_is404(String verb) {
    assertThat(post("/api/models/nobody/" + verb, "").status()).isEqualTo(404);
    assertThat(post("/api/models/no%2Fbody/" + verb, "").status()).isEqualTo(400);
    assertThat(post("/api/models/nobody/other", "").status()).isEqualTo(404);
    assertThat(ask("GET", "/api/models/nobody/" + verb).headers().firstValue("Allow"))
        .contains("POST");
  }

  @Test
  void repoWithNothingUsable_says422AndWhatItHas() {
    repo.file("weights.bin", "x").file("notes.md", "x").commit("main");
    post("/api/models", "{\"model_name\":\"none\",\"hf_path\":\"o/r\"}");

    Got load = post("/api/models/none/load", "");
    Got used = embed("none", "a");

    assertThat(load.status()).as(load.text()).isEqualTo(422);
    assertThat(json(load).path("detail").asString()).contains("notes.md");
    assertThat(used.status()).isEqualTo(422);
    assertThat(json(used).path("error").path("type").asString()).isEqualTo("invalid_request_error");
  }

  @Test
  void repoThatIsMissing_isAsTheHubSays() {
    post("/api/models", "{\"model_name\":\"gone\",\"hf_path\":\"o/gone\"}");

    Got load = post("/api/models/gone/load", "");
    Got used = embed("gone", "a");

    // The hub tells nobody whether there is a repo that he may not see.
    assertThat(load.status()).isEqualTo(403);
    assertThat(json(load).path("detail").asString()).contains("o/gone");
    assertThat(used.status()).isEqualTo(403);
    assertThat(json(used).path("error").path("message").asString()).contains("o/gone");
  }

  @Test
  void progress_comesAsLines_forWhoAsksForThem() {
    register("minilm");

    Got got = send("POST", "/api/models/minilm/load", "{}", "Accept", "application/x-ndjson");

    List<String> lines = got.text().lines().toList();
    assertThat(got.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    assertThat(lines.getFirst()).startsWith("{\"planned\":[");
    assertThat(lines.getLast()).startsWith("{\"model\":{").contains("\"state\":\"loaded\"");
    assertThat(lines).anyMatch(line -> line.startsWith("{\"done\":"));
    Got missing = send("POST", "/api/models/no/load", "", "Accept", "application/x-ndjson");
    assertThat(missing.status()).isEqualTo(404);
  }

  @Test
  void offline_isKept() {
    register("minilm");

    Got got = post("/api/models/minilm/pull", "{\"offline\":true}");

    assertThat(got.status()).isEqualTo(504);
    assertThat(hub.downloads("onnx/model.onnx")).isEmpty();
  }

  @Test
  void smallMemory_refusesWithTheNumbers() {
    start("MODEL_MEMORY", "1MB");
    register("minilm");

    Got load = post("/api/models/minilm/load", "");
    Got used = embed("minilm", "a");

    assertThat(load.status()).as(load.text()).isEqualTo(507);
    assertThat(json(load).path("code").asString()).isEqualTo("model-too-big");
    assertThat(used.status()).isEqualTo(507);
    assertThat(used.headers().firstValue("X-Should-Retry")).contains("false");
    assertThat(stats().path("total_entries").asInt()).isZero();
  }
}
