package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import dev.larder.testing.TestModels;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's client from npm, pointed at {@code /v1}. */
class OpenAiIT {
  private static final String REPO = "demo/minilm";

  @TempDir private Path scratch;

  @Test
  void client_embedsListsAndUnderstandsErrors() throws Exception {
    RealClients.needNpm("openai");
    try (FakeHub hub = FakeHub.start();
        LarderProcess larder = LarderProcess.start(scratch, hub)) {
      fill(hub.model(REPO));
      post(larder, "/api/models", "{\"model_name\":\"minilm\",\"hf_path\":\"%s\"}".formatted(REPO));
      post(larder, "/api/models/minilm/pull", "");

      String base = larder.address().resolve("/v1").toString();
      String out =
          RealClients.node("embeddings.mjs", base, "minilm", REPO).said().well().out().strip();
      JsonNode saw = JsonMapper.shared().readTree(out);

      assertThat(saw.path("length").asInt()).isEqualTo(384);
      assertThat(saw.path("indexes").toString()).isEqualTo("[0,1,2]");
      assertThat(saw.path("tokens").asInt()).isPositive().isEqualTo(saw.path("total").asInt());
      assertThat(saw.path("alike").asDouble()).isGreaterThan(saw.path("other").asDouble() + 0.3);
      assertThat(saw.path("formatsApart").asDouble()).isLessThan(1e-6);
      assertThat(saw.path("short").asInt()).isEqualTo(64);
      assertThat(saw.path("shortNorm").asDouble()).isCloseTo(1, offset(1e-5));
      assertThat(saw.path("direct").asDouble()).isGreaterThan(0.97);
      assertThat(saw.path("listed").toString()).isEqualTo("[\"minilm\"]");
      assertThat(saw.path("described").asString()).isEqualTo("minilm");
      failuresAreItsOwn(saw.path("failures"));
      assertThat(Files.readString(scratch.resolve("larder.log"))).doesNotContain("sk-nobody");
      assertThat(hub.requests())
          .noneMatch(request -> request.headers().toString().contains("sk-nobody"));
    }
  }

  private static void failuresAreItsOwn(JsonNode failures) {
    assertFailure(failures, "unknown", "NotFoundError", 404, "model_not_found", "model");
    assertFailure(failures, "empty", "BadRequestError", 400, "bad_parameter", "input");
    assertFailure(failures, "tokenIds", "BadRequestError", 400, "bad_parameter", "input");
    assertFailure(failures, "long", "BadRequestError", 400, "bad_parameter", "dimensions");
    assertFailure(failures, "chat", "NotFoundError", 404, "no_such_path", "null");
    assertFailure(failures, "retrieve", "NotFoundError", 404, "model_not_found", "model");
  }

  private static void assertFailure(
      JsonNode failures, String which, String name, int status, String code, String parameter) {
    JsonNode failure = failures.path(which);
    assertThat(failure.path("name").asString()).as(which).isEqualTo(name);
    assertThat(failure.path("status").asInt()).as(which).isEqualTo(status);
    assertThat(failure.path("code").asString("null")).as(which).isEqualTo(code);
    assertThat(failure.path("param").asString("null")).as(which).isEqualTo(parameter);
    assertThat(failure.path("type").asString()).as(which).isEqualTo("invalid_request_error");
  }

  private void fill(FakeRepo repo) throws Exception {
    Path plain = TestModels.miniLmQuantized(scratch.resolve("plain"));
    try (var files = Files.walk(plain)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = plain.relativize(file).toString();
        byte[] bytes = Files.readAllBytes(file);
        FakeRepo _ = path.endsWith(".onnx") ? repo.lfs(path, bytes) : repo.file(path, bytes);
      }
    }
    repo.commit("main");
  }

  private static void post(LarderProcess larder, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(larder.address().resolve(path))
            .POST(BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var response = client.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
    }
  }
}
