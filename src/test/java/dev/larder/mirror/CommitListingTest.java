package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Questions about paths, answered from a listing. */
final class CommitListingTest {
  private static final CommitListing LISTING =
      CommitListing.of(
              """
              [{"path":"config.json"},{"path":"onnx/model.onnx"},{"path":"onnx-2"}]
              """
                  .getBytes(StandardCharsets.UTF_8))
          .orElseThrow();

  @Test
  void path_askedForAgainAndAgain_isAnsweredOnce() {
    assertThat(LISTING.at(Collections.nCopies(100_000, "config.json")).orElseThrow()).hasSize(1);
  }

  @Test
  void pathsWithoutNumber_areTheHubsToAnswer() {
    List<String> many = IntStream.range(0, 1001).mapToObj(i -> "f" + i).toList();
    assertThat(LISTING.at(many)).isEmpty();
    assertThat(LISTING.at(many.subList(0, 1000)).orElseThrow()).isEmpty();
  }

  @Test
  void directory_thatTheListingDoesNotName_isTheHubsToAnswer() {
    assertThat(LISTING.at(List.of("onnx"))).isEmpty();
    assertThat(LISTING.at(List.of("onn")).orElseThrow()).isEmpty();
    assertThat(LISTING.lacks("onnx")).isFalse();
    assertThat(LISTING.lacks("onnx-")).isTrue();
  }
}
