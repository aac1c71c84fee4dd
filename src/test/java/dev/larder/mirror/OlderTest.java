package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.Revision;
import dev.larder.testing.Bytes;
import dev.larder.upstream.UpstreamException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The branch has moved, and the bytes of its new commit do not come. */
final class OlderTest extends MirrorFixture {
  private static final String FILE = "model.bin";
  private Commit older = new Commit("0".repeat(40));
  private Commit newer = older;

  @BeforeEach
  void move() {
    patience = Duration.ofMillis(500);
    begin(false);
    older = repo.lfs(FILE, Bytes.of(1, 300_000)).commit("main");
    get(asking(FILE, Caller.ANONYMOUS));
    newer = repo.lfs(FILE, Bytes.of(2, 300_000)).commit("main");
    now = now.plus(Duration.ofMinutes(2));
    hub.onFile(FILE).stallAfter(0).always();
  }

  /** Its description is the new commit's already. */
  @Test
  void branch_isNotTheOlderOne() {
    Answer answer = mirror.open(asking(FILE, Caller.ANONYMOUS));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Arriving.class, it -> assertThat(it.head().commit()).isEqualTo(newer));
    assertThatThrownBy(() -> finishFirstByte(answer))
        .isInstanceOfSatisfying(
            UpstreamException.class, e -> assertThat(e.code()).isEqualTo("upstream-timeout"));
  }

  @Test
  void olderCommit_isAskedForByName_isHere() {
    assertThat(get(asking(new Revision(older.hex()), FILE, Caller.ANONYMOUS)))
        .isEqualTo(CacheState.HIT);
  }

  @Test
  void newerCommit_isAskedForByName_isATimeout() {
    Answer answer = mirror.open(asking(new Revision(newer.hex()), FILE, Caller.ANONYMOUS));
    assertThatThrownBy(() -> finishFirstByte(answer))
        .isInstanceOfSatisfying(
            UpstreamException.class, e -> assertThat(e.code()).isEqualTo("upstream-timeout"));
  }

  private static void finishFirstByte(Answer answer) {
    try (var reader = ((Answer.Arriving) answer).reader()) {
      long _ = reader.awaitReadable(0);
    }
  }
}
