package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DocumentKeysTest {
  private static String key(List<String> paths) {
    return DocumentKeys.key(
        new DocumentRequest.PathsInfo(RepoId.model("o/r"), Revision.MAIN, paths, false));
  }

  /** Anybody can ask about a megabyte of made-up paths, and each question is kept. */
  @Test
  void longQuestion_hasAShortNameOfItsOwn() {
    List<String> many = IntStream.range(0, 50_000).mapToObj(i -> "made/up/" + i).toList();
    assertThat(key(many)).hasSizeLessThan(100).isEqualTo(key(many));
    assertThat(key(many)).isNotEqualTo(key(many.subList(0, 49_999)));
  }

  @Test
  void questions_thatLookAlikeWhenJoined_differ() {
    assertThat(key(List.of("a", "b"))).isNotEqualTo(key(List.of("a1:b")));
    assertThat(key(List.of("ab"))).isNotEqualTo(key(List.of("a", "b")));
  }
}
