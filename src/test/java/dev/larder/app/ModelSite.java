package dev.larder.app;

import dev.larder.testing.FakeRepo;
import dev.larder.testing.TestModels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server before a hub that has all-MiniLM-L6-v2 with 8-bit weights as {@code st/minilm}. */
abstract class ModelSite extends SiteFixture {
  static final String REPO = "st/minilm";
  static final int DIMENSIONS = 384;

  @TempDir Path plain;

  @BeforeEach
  void fillHub() throws IOException {
    Path files = TestModels.miniLmQuantized(plain);
    FakeRepo minilm = hub.model(REPO);
    try (Stream<Path> all = Files.walk(files)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = files.relativize(file).toString();
        byte[] bytes = Files.readAllBytes(file);
        FakeRepo _ = path.endsWith(".onnx") ? minilm.lfs(path, bytes) : minilm.file(path, bytes);
      }
    }
    minilm.file("pytorch_model.bin", "not needed").file("README.md", "# not needed");
    minilm.commit("main");
  }

  Got register(String name) {
    return post("/api/models", "{\"model_name\":\"%s\",\"hf_path\":\"%s\"}".formatted(name, REPO));
  }

  Got embed(String model, String... texts) {
    String input =
        JsonMapper.shared().writeValueAsString(texts.length == 1 ? texts[0] : List.of(texts));
    return post("/v1/embeddings", "{\"model\":\"%s\",\"input\":%s}".formatted(model, input));
  }

  /** With any method; {@code headers} are names and values in turn. */
  Got send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server().address() + path))
            .method(method, BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(40));
    for (int i = 0; i + 1 < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return read(send(request.build()));
  }

  static JsonNode json(Got got) {
    return JsonMapper.shared().readTree(got.body());
  }

  /** The vector of one input. */
  static float[] vector(Got got, int index) {
    JsonNode numbers = json(got).path("data").path(index).path("embedding");
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.path(i).floatValue();
    }
    return vector;
  }

  static double cosine(float[] a, float[] b) {
    double dot = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      ofA += a[i] * a[i];
      ofB += b[i] * b[i];
    }
    return dot / Math.sqrt(ofA * ofB);
  }

  JsonNode stats() {
    return json(get("/api/cache/stats"));
  }
}
