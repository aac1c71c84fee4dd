package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import org.junit.jupiter.api.Test;

class AbsenceTest {
  private static final UpstreamUnreachable WHY = new UpstreamUnreachable("It is dark.", true, null);
  private final Absence absence = new Absence("http://hub.example");

  @Test
  void oneFailure_isTolerated() {
    absence.failed(WHY);
    assertThatCode(absence::check).doesNotThrowAnyException();
  }

  @Test
  void failuresInARow_areToldToTheNext() {
    absence.failed(WHY);
    absence.failed(WHY);
    assertThatThrownBy(absence::check)
        .isInstanceOfSatisfying(
            UpstreamUnreachable.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.timeout()).isTrue())
        .hasMessageStartingWith("It is dark.");
  }

  @Test
  void anAnswer_endsIt() {
    absence.failed(WHY);
    absence.failed(WHY);
    absence.answered();
    assertThatCode(absence::check).doesNotThrowAnyException();
    absence.failed(WHY);
    assertThatCode(absence::check).doesNotThrowAnyException();
  }
}
