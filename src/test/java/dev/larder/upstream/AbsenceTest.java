package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.upstream.UpstreamException.UpstreamBusy;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AbsenceTest {
  private static final UpstreamUnreachable NOBODY =
      new UpstreamUnreachable("It is dark.", true, null, true);
  private static final UpstreamUnreachable SILENT =
      new UpstreamUnreachable("It is silent.", true, null);
  private static final UpstreamBusy BROKEN = new UpstreamBusy("It broke.", 500, Duration.ZERO);
  private static final Subject OTHER = new Subject("o/other", "other");

  private final Absence absence = new Absence("http://hub.example");

  private static Subject subject(int number) {
    return new Subject("o/r", "o/r/" + number);
  }

  private void assertAsked(Subject subject) {
    assertThatCode(() -> absence.check(subject)).doesNotThrowAnyException();
  }

  @Test
  void oneRefusedConnection_isTolerated() {
    absence.failed(OTHER, NOBODY);
    assertAsked(OTHER);
  }

  @Test
  void refusedConnectionsInARow_areToldToTheNext() {
    absence.failed(subject(1), NOBODY);
    absence.failed(subject(1), NOBODY);
    assertThatThrownBy(() -> absence.check(OTHER))
        .isInstanceOfSatisfying(
            UpstreamUnreachable.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.timeout()).isTrue())
        .hasMessageStartingWith("The upstream http://hub.example could not be reached")
        .hasMessageNotContaining("dark");
  }

  @Test
  void oneThingThatFailsForEver_isNotAskedSoSoonAndStopsNothingElse() {
    for (int i = 0; i < 10; i++) {
      absence.failed(subject(1), i % 2 == 0 ? SILENT : BROKEN);
    }
    assertThatThrownBy(() -> absence.check(subject(1))).isInstanceOf(UpstreamException.class);
    assertAsked(OTHER);
    assertAsked(subject(2));
  }

  /** Its answers are broken for all of a repo, and it says so itself. */
  @Test
  void oneRepoWhoseQuestionsFail_stopsNothingElse() {
    for (int i = 0; i < 10; i++) {
      absence.failed(subject(i), BROKEN);
    }
    assertAsked(OTHER);
  }

  @Test
  void severalThingsThatAreSilent_withNoAnswerInBetween_areAnOutage() {
    for (int i = 0; i < Absence.SEVERAL; i++) {
      assertAsked(OTHER);
      absence.failed(subject(i), SILENT);
    }
    assertThatThrownBy(() -> absence.check(OTHER)).isInstanceOf(UpstreamUnreachable.class);
  }

  @Test
  void severalThingsThatAreSilent_withAnswersInBetween_areNone() {
    for (int i = 0; i < 10; i++) {
      absence.failed(subject(i), SILENT);
      absence.answered(OTHER);
    }
    assertAsked(OTHER);
  }

  @Test
  void anAnswer_endsIt() {
    absence.failed(OTHER, NOBODY);
    absence.failed(OTHER, NOBODY);
    absence.answered(subject(1));
    assertAsked(OTHER);
    absence.failed(OTHER, NOBODY);
    assertAsked(OTHER);
  }

  /** Who asks for what was broken before does not keep it shut. */
  @Test
  void outageThatIsOver_isNotKeptUpByWhatFailedBefore() {
    for (int i = 0; i < Absence.SEVERAL; i++) {
      absence.failed(subject(i), SILENT);
    }
    absence.answered(OTHER);
    for (int i = 0; i < Absence.SEVERAL; i++) {
      absence.failed(subject(i), SILENT);
    }
    assertAsked(OTHER);
  }
}
