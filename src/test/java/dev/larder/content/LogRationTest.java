package dev.larder.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogRationTest {
  private long now = Long.MAX_VALUE - 1; // A monotonic clock may overflow.
  private final LogRation ration = new LogRation(() -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void firstLine_isWrittenAtOnce() {
    assertThat(ration.line("a")).hasValue(0);
    assertThat(ration.line("b")).hasValue(0);
  }

  @Test
  void linesOfTheSameMinute_areLeftOutAndCountedInTheNext() {
    assertThat(ration.line("a")).hasValue(0);
    for (int i = 0; i < 200; i++) {
      assertThat(ration.line("a")).isEmpty();
    }
    pass(LogRation.PERIOD);
    assertThat(ration.line("a")).hasValue(200);
    assertThat(ration.line("a")).isEmpty();
    pass(LogRation.PERIOD);
    assertThat(ration.line("a")).hasValue(1);
  }
}
