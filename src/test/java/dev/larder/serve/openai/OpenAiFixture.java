package dev.larder.serve.openai;

import dev.larder.http.Door;
import dev.larder.http.DoorSettings;
import dev.larder.http.RawClient;
import dev.larder.http.RawClient.Response;
import dev.larder.mirror.Caller;
import dev.larder.testing.TinyModels;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoint behind a real door, over a model that needs no files. */
abstract class OpenAiFixture {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  final TinyModels models = new TinyModels(TinyModels.BYTES, InstantSource.fixed(NOW));
  private Door door;
  InetSocketAddress address;

  @BeforeEach
  void open() {
    models.add("tiny");
    door =
        new Door(
            settings(),
            List.of(new OpenAiEndpoint(models, Caller.ANONYMOUS)),
            InstantSource.system());
    address = door.start();
  }

  DoorSettings settings() {
    var limits =
        new DoorSettings.Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2));
    return DoorSettings.at("127.0.0.1", 0).withLimits(limits).withMemory(512 << 20);
  }

  @AfterEach
  void close() {
    door.close();
    models.close();
  }

  /** The answer to a question about the model {@code tiny}; {@code fields} follow its name. */
  Response embed(String fields, String... lines) throws IOException {
    return post("{\"model\":\"tiny\"," + fields + "}", lines);
  }

  Response post(String body, String... lines) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (RawClient client = new RawClient(address)) {
      String[] all = java.util.Arrays.copyOf(lines, lines.length + 1);
      all[lines.length] = "Content-Length: " + bytes.length;
      client.request("POST", "/v1/embeddings", all);
      client.send(bytes);
      return client.read(false);
    }
  }

  static JsonNode json(Response response) {
    return JsonMapper.shared().readTree(response.body());
  }

  static JsonNode error(Response response) {
    return json(response).path("error");
  }
}
