package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-01-02T12:00:00Z"));

  private static Fields fields(String name, String value) {
    return new Fields(Map.of(name, List.of(value)));
  }

  @Test
  void seconds_areTaken() {
    assertThat(RetryAfter.of(fields("retry-after", "7"), NOON)).contains(Duration.ofSeconds(7));
  }

  @Test
  void date_isMeasuredFromNow() {
    assertThat(RetryAfter.of(fields("retry-after", "Fri, 02 Jan 2026 12:00:30 GMT"), NOON))
        .contains(Duration.ofSeconds(30));
    assertThat(RetryAfter.of(fields("retry-after", "Fri, 02 Jan 2026 11:00:00 GMT"), NOON))
        .contains(Duration.ZERO);
  }

  @Test
  void rateLimit_withNothingLeft_isTaken() {
    assertThat(RetryAfter.of(fields("ratelimit", "\"api\";r=0;t=55"), NOON))
        .contains(Duration.ofSeconds(55));
    assertThat(RetryAfter.of(fields("ratelimit", "\"api\";r=3;t=55"), NOON)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999", "Fri, 02 Jan"})
  void nonsense_isAsIfItWereNotThere(String value) {
    assertThat(RetryAfter.of(fields("retry-after", value), NOON)).isEmpty();
  }
}
