package dev.larder.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class DecisionsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final RepoId REPO = RepoId.model("org/name");
  private static final Principal ANN = new Principal.Upstream("a");
  private static final Principal BEN = new Principal.Upstream("b");
  private static final Verdict YES = new Verdict.Allowed();
  private static final Verdict NO = new Verdict.Denied(403, "GatedRepo", "Ask for access.");

  private Instant now = NOON;
  private final InstantSource clock = () -> now;

  private Decisions decisions(int ttlSeconds) {
    return new Decisions(Duration.ofSeconds(ttlSeconds), 100, clock);
  }

  @Test
  void decision_isOneCallersOnly() {
    Decisions decisions = decisions(60);
    decisions.note(ANN, REPO, YES, NOON);

    assertThat(decisions.find(ANN, REPO)).isEqualTo(YES);
    assertThat(decisions.find(BEN, REPO)).isNull();
    assertThat(decisions.find(Principal.ANONYMOUS, REPO)).isNull();
    assertThat(decisions.find(ANN, RepoId.parse("datasets/org/name"))).isNull();
  }

  @Test
  void allowed_endsWithTheTtl_countedFromTheQuestion() {
    Decisions decisions = decisions(60);
    now = NOON.plusSeconds(5);
    decisions.note(ANN, REPO, YES, NOON);

    now = NOON.plusSeconds(60).minusMillis(1);
    assertThat(decisions.find(ANN, REPO)).isEqualTo(YES);
    now = NOON.plusSeconds(60);
    assertThat(decisions.find(ANN, REPO)).isNull();
  }

  @Test
  void denied_endsAfterTenSecondsOrASmallerTtl() {
    Decisions decisions = decisions(60);
    Decisions brief = decisions(3);
    decisions.note(ANN, REPO, NO, NOON);
    brief.note(ANN, REPO, NO, NOON);

    assertThat(decisions.find(ANN, REPO)).isEqualTo(NO);
    now = NOON.plusSeconds(3);
    assertThat(brief.find(ANN, REPO)).isNull();
    now = NOON.plusSeconds(10);
    assertThat(decisions.find(ANN, REPO)).isNull();
  }

  @Test
  void ttlOfZero_believesNothing() {
    Decisions decisions = decisions(0);
    decisions.note(ANN, REPO, YES, NOON);

    assertThat(decisions.find(ANN, REPO)).isNull();
  }

  @Test
  void clockSetBack_believesNothingOfTheFuture() {
    Decisions decisions = decisions(60);
    decisions.note(ANN, REPO, YES, NOON);
    now = NOON.minusSeconds(1);

    assertThat(decisions.find(ANN, REPO)).isNull();
  }

  @Test
  void forgotten_isEveryCallersAndOfThatRepoOnly() {
    Decisions decisions = decisions(60);
    decisions.note(ANN, REPO, YES, NOON);
    decisions.note(BEN, REPO, NO, NOON);
    RepoId other = RepoId.model("org/other");
    decisions.note(ANN, other, YES, NOON);

    decisions.forget(REPO);

    assertThat(decisions.find(ANN, REPO)).isNull();
    assertThat(decisions.find(BEN, REPO)).isNull();
    assertThat(decisions.find(ANN, other)).isEqualTo(YES);
  }
}
