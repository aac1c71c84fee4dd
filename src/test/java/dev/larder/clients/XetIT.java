package dev.larder.clients;

import static dev.larder.clients.FilledHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without Larder between: what {@link ClientIT} would not notice of a client that never tries. */
class XetIT {
  @TempDir private Path scratch;

  @Test
  void newestLibrary_straightAtTheHub_asksForXet() throws Exception {
    HubLibrary.NEWEST.need();
    try (FilledHub filled = new FilledHub()) {
      Map<String, String> direct =
          Map.of("HF_ENDPOINT", filled.hub.uri().toString(), "HF_HOME", scratch + "/direct");

      HubLibrary.NEWEST.run(direct, "hf", "download", MODEL).badly();

      assertThat(filled.hub.requests(r -> r.path().contains("xet-read-token"))).isNotEmpty();
    }
  }
}
