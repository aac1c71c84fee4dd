package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TuningTest {
  private static final Duration WHOLE_WAIT = Duration.ofSeconds(25);

  private final Duration patience = Tuning.DEFAULT.transfer().patience();

  /** Out of patience is noticed when a try ends: the last one may begin just before. */
  private void assertTwoTriesWithinTheWait(Duration oneTry) {
    assertThat(oneTry).isLessThan(patience);
    Duration spent = Duration.ZERO;
    Duration pause = Tuning.DEFAULT.transfer().firstDelay();
    while (spent.compareTo(patience) <= 0) {
      spent = spent.plus(oneTry).plus(pause);
      pause = pause.multipliedBy(2);
    }
    assertThat(spent).isLessThan(WHOLE_WAIT);
  }

  @Test
  void silentBody_isTriedAgainAndGivenUpInTime() {
    assertTwoTriesWithinTheWait(Tuning.DEFAULT.wire().stallTimeout());
  }

  @Test
  void silentHost_isTriedAgainAndGivenUpInTime() {
    assertTwoTriesWithinTheWait(Tuning.DEFAULT.wire().openTimeout());
    assertTwoTriesWithinTheWait(Tuning.DEFAULT.wire().connectTimeout());
  }
}
