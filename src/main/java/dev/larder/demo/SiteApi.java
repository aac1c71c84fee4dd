package dev.larder.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a program asks of a Larder's models in memory, over HTTP as any other would. */
record SiteApi(URI base) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final JsonMapper JSON = JsonMapper.shared();

  /** One vector for each text, by {@code POST /v1/embeddings}. */
  List<float[]> embed(String model, List<String> texts) {
    String body = JSON.writeValueAsString(Map.of("model", model, "input", texts));
    HttpRequest.Builder request =
        request("/v1/embeddings")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    List<float[]> vectors = new ArrayList<>();
    for (JsonNode one : send(request).path("data")) {
      vectors.add(JSON.convertValue(one.path("embedding"), float[].class));
    }
    return vectors;
  }

  /** {@code GET /api/cache/stats}. */
  JsonNode cacheStats() {
    return send(request("/api/cache/stats").GET());
  }

  /** For a person to read. */
  static String pretty(JsonNode json) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
  }

  private static JsonNode send(HttpRequest.Builder building) {
    HttpRequest request = building.build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("it answered %d: %s".formatted(answer.statusCode(), answer.body()));
      }
      return JSON.readTree(answer.body());
    } catch (IOException | JacksonException e) {
      throw new DemoException.ClientFailed(request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException.ClientFailed(request.uri(), e);
    }
  }
}
