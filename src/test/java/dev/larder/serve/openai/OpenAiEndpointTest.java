package dev.larder.serve.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.RawClient;
import dev.larder.http.RawClient.Response;
import dev.larder.mirror.Caller;
import dev.larder.testing.TinyModel;
import dev.larder.testing.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What clients of OpenAI get, as they get it. */
@Timeout(60)
class OpenAiEndpointTest extends OpenAiFixture {
  private Response get(String path, String... lines) throws IOException {
    return RawClient.ask(address, "GET", path, lines);
  }

  private static float[] vector(JsonNode answer, int index) {
    JsonNode numbers = answer.path("data").path(index).path("embedding");
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(numbers.path(i).toString());
    }
    return vector;
  }

  @Test
  void texts_areEmbeddedInTheirOrder() throws IOException {
    Response response = embed("\"input\":[\"hello world\",\"a b c\"]");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    JsonNode answer = json(response);
    assertThat(vector(answer, 0)).isEqualTo(TinyModel.vector("hello world"));
    assertThat(vector(answer, 1)).isEqualTo(TinyModel.vector("a b c"));
    assertThat(answer.path("data").size()).isEqualTo(2);
    assertThat(answer.path("model").asString()).isEqualTo("tiny");
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(5);
    assertThat(answer.path("usage").path("total_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void cachedRepo_isNamedDirectly() throws IOException {
    Response response = post("{\"model\":\"%s\",\"input\":\"a\"}".formatted(TinyModels.CACHED));

    assertThat(response.status()).isEqualTo(200);
    assertThat(json(response).path("model").asString()).isEqualTo(TinyModels.CACHED);
  }

  @Test
  void base64_isWhatOpenAisClientsRead() throws IOException {
    JsonNode answer = json(embed("\"input\":\"hello\",\"encoding_format\":\"base64\""));

    byte[] bytes =
        Base64.getDecoder().decode(answer.path("data").path(0).path("embedding").asString());
    float[] read = new float[TinyModel.DIMENSIONS];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(read);
    assertThat(read).isEqualTo(TinyModel.vector("hello"));
  }

  @Test
  void dimensions_cutAndNormalize_andMoreThanThereAreIsRefused() throws IOException {
    float[] cut = vector(json(embed("\"input\":\"hello there\",\"dimensions\":2")), 0);

    assertThat(cut).hasSize(2);
    assertThat(cut[0] * cut[0] + cut[1] * cut[1]).isCloseTo(1f, offset());
    float[] whole = TinyModel.vector("hello there");
    assertThat(cut[0] / cut[1]).isCloseTo(whole[0] / whole[1], offset());
    assertThat(vector(json(embed("\"input\":\"hello\",\"dimensions\":4")), 0))
        .isEqualTo(TinyModel.vector("hello"));
    Response more = embed("\"input\":\"hello\",\"dimensions\":5");
    assertThat(more.status()).isEqualTo(400);
    assertThat(error(more).path("param").asString()).isEqualTo("dimensions");
    assertThat(error(more).path("code").asString()).isEqualTo("bad_parameter");
    assertThat(error(more).path("message").asString()).contains("at most 4");
  }

  private static org.assertj.core.data.Offset<Float> offset() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }

  @Test
  void prompt_isPutBefore_andOneThatIsUnknownRefused() throws IOException {
    JsonNode answer = json(embed("\"input\":\"a b\",\"prompt_name\":\"query\""));

    assertThat(vector(answer, 0)).isEqualTo(TinyModel.vector("query: a b"));
    Response unknown = embed("\"input\":\"a\",\"prompt_name\":\"no\"");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(error(unknown).path("param").asString()).isEqualTo("prompt_name");
    assertThat(error(unknown).path("message").asString()).contains("query");
    assertThat(error(unknown).path("code").asString()).isEqualTo("bad_parameter");
  }

  @Test
  void images_areEmbedded_andWhatIsNoneRefused() throws IOException {
    Response image =
        embed("\"input\":[{\"image_url\":{\"url\":\"data:image/png;base64,iVBORw==\"}}]");

    assertThat(image.status()).isEqualTo(200);
    assertThat(json(image).path("data").path(0).path("embedding").size()).isEqualTo(4);
    assertThat(json(image).path("usage").path("total_tokens").asInt()).isZero();
    Response none = embed("\"input\":\"data:image/png;base64,AAAAAAAA\"");
    assertThat(none.status()).isEqualTo(400);
    assertThat(error(none).path("param").asString()).isEqualTo("input");
    assertThat(embed("\"input\":[{\"image_url\":\"http://example.org/\"}]").status())
        .isEqualTo(400);
  }

  @Test
  void use_isKnownByUserAndPeer_andCredentialsGoNowhere() throws IOException {
    embed("\"input\":\"a\",\"user\":\"ann\\n\"", "Authorization: Bearer sk-secret");
    embed("\"input\":\"a\"");

    assertThat(models.owners)
        .containsExactly("embeddings for ann\\u{a} at 127.0.0.1", "embeddings for 127.0.0.1");
    assertThat(models.callers).allMatch(Caller.ANONYMOUS::equals);
    assertThat(models.entries()).allMatch(entry -> entry.leases() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, nothing, model_not_found",
    "org/other, org/other, model_not_found",
    "a b, a b, model_not_found",
    "../up, ../up, model_not_found",
  })
  void unknownModel_isOpenAisError(String name, String said, String code) throws IOException {
    Response response = post("{\"model\":\"%s\",\"input\":\"a\"}".formatted(name));

    assertThat(response.status()).isEqualTo(404);
    JsonNode error = error(response);
    assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
    assertThat(error.path("param").asString()).isEqualTo("model");
    assertThat(error.path("code").asString()).isEqualTo(code);
    assertThat(error.path("message").asString()).contains(said);
    assertThat(response.header("X-Should-Retry")).isEqualTo("false");
  }

  @Test
  void memoryFull_isToBeTriedAgain() throws IOException {
    models.add("other");
    try (var _ = models.acquire("other", Caller.ANONYMOUS, "somebody")) {
      models.patience = Duration.ofSeconds(1);

      Response response = embed("\"input\":\"a\"");

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.header("Retry-After")).isEqualTo("5");
      assertThat(response.header("X-Should-Retry")).isEmpty();
      assertThat(error(response).path("type").asString()).isEqualTo("server_error");
      assertThat(error(response).path("code").asString()).isEqualTo("model_memory_full");
      assertThat(error(response).path("message").asString()).contains("somebody");
    }
  }

  @Test
  void modelThatMakesNoNumbers_isAnErrorAndNoAnswer() throws IOException {
    Response response = embed("\"input\":\"NaN\"");

    assertThat(response.status()).isEqualTo(422);
    assertThat(error(response).path("code").asString()).isEqualTo("model_broken");
  }

  @Test
  void models_areListedAndDescribed() throws IOException {
    models.add("a.b");
    String tiny =
        "{\"id\":\"tiny\",\"object\":\"model\",\"created\":%d,\"owned_by\":\"org\"}"
            .formatted(NOW.getEpochSecond());

    assertThat(get("/v1/models").text())
        .startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"a.b\"")
        .endsWith(tiny + "]}");
    assertThat(get("/v1/models/tiny").text()).isEqualTo(tiny);
    assertThat(get("/v1/models/%74iny").text()).isEqualTo(tiny);
    Response head = RawClient.ask(address, "HEAD", "/v1/models/tiny");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("" + tiny.length());
    for (String name : List.of("no", "org/no", "org%2Fno", "")) {
      Response missing = get("/v1/models/" + name);
      assertThat(missing.status()).as(name).isEqualTo(404);
      assertThat(error(missing).path("code").asString()).isEqualTo("model_not_found");
      assertThat(error(missing).path("message").asString()).contains(name.replace("%2F", "/"));
    }
    assertThat(get("/v1/models/%zz").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/embeddings, POST",
    "OPTIONS, /v1/embeddings, POST",
    "POST, /v1/models, 'GET, HEAD'",
    "DELETE, /v1/models/tiny, 'GET, HEAD'",
  })
  void wrongMethod_isToldTheRightOne(String method, String path, String allowed)
      throws IOException {
    Response response = RawClient.ask(address, method, path);

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.header("Allow")).isEqualTo(allowed);
    assertThat(error(response).path("type").asString()).isEqualTo("invalid_request_error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1", "/v1/", "/v1/chat/completions", "/v1/embeddings/", "/v1/Models"})
  void otherPaths_areOpenAisNotFound(String path) throws IOException {
    Response response = get(path);

    assertThat(response.status()).isEqualTo(404);
    assertThat(error(response).path("code").asString()).isEqualTo("no_such_path");
  }

  @Test
  void pageOfAnotherSite_getsNothing() throws IOException {
    Response foreign = embed("\"input\":\"a\"", "Origin: https://elsewhere.example");
    Response nobody = embed("\"input\":\"a\"", "Origin: null");
    Response own = embed("\"input\":\"a\"", "Origin: http://localhost");

    assertThat(List.of(foreign.status(), nobody.status(), own.status()))
        .containsExactly(403, 403, 200);
    assertThat(error(foreign).path("type").asString()).isEqualTo("permission_error");
    assertThat(get("/v1/models", "Origin: https://elsewhere.example").headers().keySet())
        .noneMatch(name -> name.startsWith("access-control"));
  }

  @Test
  void manyClients_ofAColdModel_loadItOnce() throws Exception {
    int clients = 64;
    CountDownLatch asked = new CountDownLatch(clients);
    models.meanwhile =
        () -> {
          try {
            while (models.owners.size() < clients) {
              Thread.onSpinWait();
            }
            asked.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    List<Future<Integer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        answers.add(
            threads.submit(
                () -> {
                  asked.countDown();
                  return embed("\"input\":\"a\"").status();
                }));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }

    assertThat(models.loads).hasValue(1);
    assertThat(models.entries()).singleElement().matches(entry -> entry.accesses() == clients);
  }
}
