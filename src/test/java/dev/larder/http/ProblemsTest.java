package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.InvalidName;
import dev.larder.mirror.MirrorException;
import dev.larder.store.StoreException;
import dev.larder.testing.FailureCodes;
import dev.larder.transfer.TransferException;
import dev.larder.upstream.UpstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private static final Set<String> COMMANDS =
      Set.of("dev.larder.settings.", "dev.larder.cli.", "dev.larder.demo.");

  @Test
  void status_everyFailureOnTheClassPath_hasARow() {
    Set<String> codes = new TreeSet<>();
    FailureCodes.all()
        .forEach(
            (failure, its) -> {
              // No request meets what a command alone can do wrong.
              if (COMMANDS.stream().noneMatch(failure::startsWith)) {
                codes.addAll(its);
              }
            });

    assertThat(codes).isNotEmpty().isSubsetOf(Problems.codes());
    assertThat(Problems.codes()).as("rows that nobody needs").isSubsetOf(codes);
  }

  @Test
  void status_kinds_areWhatClientsExpect() {
    assertThat(
            List.of(
                Problems.status(new InvalidName("x", "y", "z")),
                Problems.status(new StoreException.StoreFull("x", 1, 1, "y")),
                Problems.status(new StoreException.StoreIo("x", null)),
                Problems.status(new UpstreamException.UpstreamUnreachable("x", false, null)),
                Problems.status(new UpstreamException.UpstreamUnreachable("x", true, null)),
                Problems.status(new UpstreamException.UpstreamBusy("x", 429, Duration.ofHours(1))),
                Problems.status(new TransferException.ContentMismatch("x", null)),
                Problems.status(new TransferException.CoolingDown("x", Duration.ofSeconds(1))),
                Problems.status(new MirrorException.OfflineMiss("x"))))
        .containsExactly(400, 507, 500, 503, 504, 503, 502, 503, 504);
  }

  @Test
  void retryAfter_isWholeSecondsAndShort() {
    assertThat(
            Problems.retryAfter(new UpstreamException.UpstreamBusy("x", 429, Duration.ofHours(1))))
        .contains("5");
    assertThat(Problems.retryAfter(new TransferException.CoolingDown("x", Duration.ofMillis(1200))))
        .contains("2");
    assertThat(Problems.retryAfter(new InvalidName("x", "y", "z"))).isEmpty();
  }
}
