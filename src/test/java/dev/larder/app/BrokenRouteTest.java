package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.Bytes;
import dev.larder.testing.FakeContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A part of the hub that is broken while its files are not. */
final class BrokenRouteTest extends HubSite {
  private static final int ROUNDS = 3;

  @ParameterizedTest
  @ValueSource(strings = {"/api/models?search=x", "/api/models-tags-by-type", "/api/whoami-v2"})
  void brokenQuestion_doesNotMakeFilesSeemAway(String path) {
    hub.onPath(path.replaceAll("[?].*", "")).always().status(500);
    for (int i = 0; i < ROUNDS; i++) {
      assertThat(as(ANN, "/hf" + path).status()).isEqualTo(503);
    }
    assertThat(get(CONFIG).cache()).isEqualTo("MISS");
  }

  private static final String OTHER = "/hf/o/r/resolve/main/sub/x.txt";

  /** One caller asks for one file again and again, whose answer is broken or never comes. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void brokenFile_askedForAgainAndAgain_makesNoOtherSeemAway(boolean hangs) {
    assertThat(get(CONFIG).status()).isEqualTo(200);
    var odd = hub.on(request -> request.concerns("model.bin")).always();
    if (hangs) {
      odd.delay(Duration.ofSeconds(30));
    } else {
      odd.status(500);
    }
    List<CompletableFuture<Got>> broken = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      clock.pass(Duration.ofHours(1));
      broken.add(getting("/hf/o/r/resolve/main/model.bin"));
      if (!hangs) {
        assertThat(broken.getLast().join().status()).isEqualTo(503);
      }
      Got config = get(CONFIG);
      assertThat(config.status()).isEqualTo(200);
      assertThat(config.cache()).as("round " + round).isIn("HIT", "JOINED");
    }
    assertThat(get(OTHER).cache()).isEqualTo("MISS");
    assertThat(get("/hf/api/models/o/r/revision/main").cache()).isIn("MISS", "HIT");
    hub.clearFaults();
  }

  @Test
  void brokenLargeFileRoute_doesNotMakeFilesSeemAway() {
    assertThat(get(CONFIG).status()).isEqualTo(200);
    hub.onPath("/info/lfs/").always().status(500);
    for (int i = 0; i < ROUNDS; i++) {
      assertThat(askForLargeFile(Bytes.of(99, 100)).status()).isEqualTo(503);
    }
    clock.pass(Duration.ofHours(1));
    Got file = get(CONFIG);
    assertThat(file.status()).isEqualTo(200);
    assertThat(file.cache()).as("asked about anew").isEqualTo("HIT");
    assertThat(get("/hf/o/r/resolve/main/sub/x.txt").cache()).isEqualTo("MISS");
  }

  @Test
  void hubThatIsAway_isNotWaitedForByPassedQuestions() {
    server();
    hub.away();
    Stream.of("config.json", "model.bin", "sub/x.txt")
        .forEach(file -> assertThat(get("/hf/o/r/resolve/main/" + file).status()).isEqualTo(503));
    long begin = System.nanoTime();
    assertThat(get("/hf/api/models-tags-by-type").status()).isEqualTo(503);
    assertThat(System.nanoTime() - begin).isLessThan(1_000_000_000L);
  }

  private Got askForLargeFile(byte[] bytes) {
    Map<String, Object> object =
        Map.of("oid", FakeContent.of(bytes).sha256().hex(), "size", bytes.length);
    return post(
        "/hf/o/r.git/info/lfs/objects/batch",
        "application/vnd.git-lfs+json",
        JsonMapper.shared()
            .writeValueAsString(Map.of("operation", "download", "objects", List.of(object))));
  }
}
