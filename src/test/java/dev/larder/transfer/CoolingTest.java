package dev.larder.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.content.Retry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CoolingTest {
  private static final FlightKey KEY = new FlightKey("http://hub", "o/r@abc", "public");

  private final Cooling cooling = new Cooling();

  @Test
  void object_thatDidNotFail_isTriedAtOnce() {
    cooling.note(new FlightKey("http://hub", "o/r@abc", "token-1"));
    assertThatCode(() -> cooling.check(KEY)).doesNotThrowAnyException();
  }

  @Test
  void object_thatFailedJustNow_restsForASecondAtMost() {
    cooling.note(KEY);
    TransferException.CoolingDown rest =
        catchThrowableOfType(TransferException.CoolingDown.class, () -> cooling.check(KEY));
    assertThat(rest.code()).isEqualTo("cooling-down");
    assertThat(rest.retry())
        .isInstanceOfSatisfying(
            Retry.After.class,
            after -> assertThat(after.delay()).isBetween(Duration.ZERO, Duration.ofSeconds(1)));
    assertThat(rest).hasMessageContaining("o/r@abc");
  }
}
