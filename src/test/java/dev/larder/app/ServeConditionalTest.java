package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that go on with a file they have a part of, while its branch moves. */
final class ServeConditionalTest extends SiteFixture {
  private final byte[] one = Bytes.of(1, 300_000);
  private final byte[] two = Bytes.of(2, 400_000);

  /** The upstream learns of {@code two} while Larder asks it for the second time from now on. */
  private void moveWhileAskedTwice() {
    AtomicInteger asked = new AtomicInteger();
    hub.on(
            request -> {
              if (isHead(request) && asked.incrementAndGet() == 2) {
                repo.lfs("model.bin", two).commit("main");
              }
              return false;
            })
        .always();
  }

  private static boolean isHead(HubRequest request) {
    return request.method().equals("HEAD") && request.concerns("model.bin");
  }

  private static String tag(byte[] bytes) {
    return '"' + Bytes.digest(bytes).hex() + '"';
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-", "bytes=1000-1999", "bytes=350000-"})
  void ifRange_branchMovesAfterItWasJudged_partIsOfTheFileTheClientHas(String range) {
    Commit first = repo.lfs("model.bin", one).commit("main");
    start("REF_TTL", "0s");
    assertThat(get(MODEL).body()).isEqualTo(one);
    moveWhileAskedTwice();

    Got got = get(MODEL, "Range", range, "If-Range", tag(one));

    assertThat(got.complete()).isTrue();
    if (got.status() == 200) {
      assertThat(got.body()).isEqualTo(two);
      assertThat(got.header("ETag")).isEqualTo(tag(two));
    } else {
      assertThat(got.header("ETag")).isEqualTo(tag(one));
      assertThat(got.header("X-Repo-Commit")).isEqualTo(first.hex());
    }
    assertThat(get(MODEL, "Range", "bytes=7-9", "If-Range", tag(two)).body())
        .isEqualTo(Arrays.copyOfRange(two, 7, 10));
  }
}
