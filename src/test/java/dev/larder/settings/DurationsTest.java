package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What counts as a duration. */
class DurationsTest {
  @Test
  void parse_ofAThousandYears_isTheLongest() {
    assertThat(Durations.parse("1000y")).contains(Duration.ofDays(365_000));
    assertThat(Durations.parse("1001y")).isEmpty();
    assertThat(Durations.parse("999999999y")).isEmpty();
  }
}
