package dev.larder.upstream.huggingface;

import static dev.larder.upstream.huggingface.HubFixture.CONFIG;
import static dev.larder.upstream.huggingface.HubFixture.MODEL;
import static dev.larder.upstream.huggingface.HubFixture.REPO;
import static dev.larder.upstream.huggingface.HubFixture.here;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.EntryPath;
import dev.larder.content.Retry;
import dev.larder.content.Revision;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException.UpstreamBusy;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubPatienceTest {
  private final HubFixture fixture = new HubFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Found<RemoteEntry> head(EntryPath path, Duration budget) {
    return fixture.client.head(REPO, Revision.MAIN, path, Credential.ANONYMOUS, budget);
  }

  private static Duration took(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void busyOnce_isAskedAgain() {
    fixture.hub.onPath("/resolve/").times(2).status(503);
    here(head(MODEL, Duration.ofSeconds(4)));
    assertThat(fixture.hub.requests()).hasSize(3);
  }

  @Test
  void retryAfter_isKept() {
    fixture.hub.onPath("/resolve/").status(429, "Retry-After", "1");
    Duration took = took(() -> here(head(MODEL, Duration.ofSeconds(4))));
    assertThat(took).isGreaterThan(Duration.ofMillis(950));
  }

  @Test
  void retryAfter_longerThanTheBudget_endsAtOnce() {
    fixture.hub.onPath("/resolve/").always().status(429, "Retry-After", "60");
    Duration took =
        took(
            () ->
                assertThatThrownBy(() -> head(MODEL, Duration.ofSeconds(30)))
                    .isInstanceOfSatisfying(
                        UpstreamBusy.class,
                        e -> {
                          assertThat(e.status()).isEqualTo(429);
                          assertThat(e.code()).isEqualTo("upstream-throttles");
                          assertThat(e.retry()).isEqualTo(Retry.after(Duration.ofSeconds(10)));
                        }));
    assertThat(took).isLessThan(Duration.ofSeconds(15));
    assertThat(fixture.hub.requests()).hasSize(1);
  }

  @Test
  void alwaysBusy_isGivenUpAfterAFewAttempts() {
    fixture.hub.onPath("/resolve/").always().status(500);
    assertThatThrownBy(() -> head(MODEL, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(UpstreamBusy.class, e -> assertThat(e.status()).isEqualTo(500));
    assertThat(fixture.hub.requests()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void silence_endsWithTheBudget() {
    fixture.hub.onPath("/resolve/").always().delay(Duration.ofSeconds(20));
    Duration took =
        took(
            () ->
                assertThatThrownBy(() -> head(CONFIG, Duration.ofMillis(600)))
                    .isInstanceOfSatisfying(
                        UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue()));
    assertThat(took).isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
  }

  @Test
  void dripping_head_endsWithTheBudget() {
    fixture.hub.onPath("/refs").always().throttle(4);
    Duration took =
        took(
            () ->
                assertThatThrownBy(
                        () ->
                            fixture.client.document(
                                new DocumentRequest.Refs(REPO, ""),
                                Credential.ANONYMOUS,
                                Duration.ofMillis(600),
                                dev.larder.content.Reserve.UNLIMITED))
                    .isInstanceOf(UpstreamUnreachable.class));
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void hangUp_isAskedAgain() {
    fixture.hub.onPath("/resolve/").times(2).hangUp();
    here(head(MODEL, Duration.ofSeconds(4)));
  }

  @Test
  void away_thenBack_isNoticed() {
    fixture.hub.away();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> head(MODEL, Duration.ofSeconds(1)))
          .isInstanceOf(UpstreamUnreachable.class);
    }
    assertThatThrownBy(() -> head(MODEL, Duration.ofSeconds(4)))
        .hasMessageContaining("not asked again so soon")
        .hasMessageNotContaining(MODEL.value()); // It is not for who asked before.
    fixture.hub.back();
    org.assertj.core.api.Assertions.assertThatNoException()
        .isThrownBy(
            () -> {
              long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
              while (System.nanoTime() < end) {
                try {
                  here(head(MODEL, Duration.ofSeconds(4)));
                  return;
                } catch (UpstreamUnreachable _) {
                  java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                }
              }
              throw new AssertionError("still away");
            });
  }

  @Test
  void kept_connectionThatDied_isReplaced() {
    here(head(MODEL, Duration.ofSeconds(4)));
    fixture.hub.away();
    fixture.hub.back();
    here(head(MODEL, Duration.ofSeconds(4)));
    assertThat(fixture.hub.requests()).hasSize(2);
  }
}
