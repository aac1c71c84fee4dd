package dev.larder.app;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server before a hub with one filled repo, asked as any client of the hub asks. */
abstract class HubSite extends SiteFixture {
  static final String ANN = "hf_ann_secret";
  static final String BOB = "hf_bob_secret";
  static final String CONFIG = "/hf/o/r/resolve/main/config.json";
  static final String ENTRY = "EntryNotFound";
  private static final JsonMapper JSON = JsonMapper.shared();

  final byte[] weights = Bytes.of(11, 300_000);
  private final HttpClient poster =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  Commit commit = new Commit("0".repeat(40));

  @BeforeEach
  void fillRepo() {
    repo.lfs("model.bin", weights).file("config.json", "{\"a\": 1}").file("sub/x.txt", "deep");
    commit = repo.commit("main");
    hub.token(ANN, "ann");
    hub.token(BOB, "bob");
  }

  @AfterEach
  void closePoster() {
    poster.close();
  }

  Got as(String token, String path) {
    return get(path, "Authorization", "Bearer " + token);
  }

  Got post(String path, String type, String body, String... headers) {
    return send(
        "POST",
        path,
        Stream.concat(Stream.of("Content-Type", type), Stream.of(headers)).toArray(String[]::new),
        body);
  }

  /** {@code headers} are names and values in turn. */
  Got send(String method, String path, String[] headers, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server().address() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .headers(headers)
            .timeout(Duration.ofSeconds(40))
            .build();
    try {
      return read(poster.send(request, BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(Got got) {
    return JSON.readTree(got.body());
  }

  /** As the server told clients to reach it. */
  String endpoint() {
    return server().address() + "/hf";
  }
}
