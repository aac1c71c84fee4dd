package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InfoShaTest {
  private static final String REAL = "a".repeat(40);
  private static final String WRITTEN = "b".repeat(40);

  private static Optional<Commit> read(String json) {
    return InfoSha.of(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void sha_ofTheDocumentItself() {
    assertThat(read("{\"id\":\"o/r\",\"sha\":\"" + REAL + "\"}")).contains(new Commit(REAL));
  }

  /** The model card is the author's, and may stand before the commit or without one. */
  @Test
  void sha_insideTheModelCard_isNone() {
    String card =
        "\"cardData\":{\"x\":[{\"sha\":\"" + WRITTEN + "\"}],\"sha\":\"" + WRITTEN + "\"}";
    assertThat(read("{" + card + "}")).isEmpty();
    assertThat(read("{" + card + ",\"sha\":\"" + REAL + "\"}")).contains(new Commit(REAL));
  }

  @Test
  void whatIsNoCommitOrNoDocument_namesNone() {
    assertThat(read("{\"sha\":\"main\"}")).isEmpty();
    assertThat(read("{\"sha\":{\"sha\":\"" + REAL + "\"}}")).isEmpty();
    assertThat(read("[\"sha\",\"" + REAL + "\"]")).isEmpty();
    assertThat(read("{\"sha\"")).isEmpty();
    assertThat(read("")).isEmpty();
  }
}
