package dev.larder.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final long MIB = 1 << 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long SIZE = 4096 * MIB;

  private final Pace pace = new Pace(TransferSettings.DEFAULTS, SIZE);

  @Test
  void nothingKnown_asksForLittle() {
    assertThat(pace.requestBytes(SIZE)).isEqualTo(4 * MIB);
  }

  @Test
  void connectionOf50MibASecond_asksForHalfASecondsWorth() {
    pace.fetched(50 * MIB, SECOND);

    assertThat(pace.requestBytes(SIZE)).isEqualTo(25 * MIB);
  }

  @Test
  void fastConnection_asksForNoMoreThanTheLargest() {
    pace.fetched(1000 * MIB, SECOND);

    assertThat(pace.requestBytes(SIZE)).isEqualTo(64 * MIB);
  }

  @Test
  void connectionThatSlowsDown_asksForLess() {
    pace.fetched(100 * MIB, SECOND);
    long before = pace.requestBytes(SIZE);
    pace.fetched(20 * MIB, SECOND);

    assertThat(pace.requestBytes(SIZE)).isLessThan(before).isGreaterThan(10 * MIB);
  }

  @Test
  void shortPiece_saysNothingOfThePace() {
    pace.fetched(64 << 10, SECOND / 1000);

    assertThat(pace.requestBytes(SIZE)).isEqualTo(4 * MIB);
  }

  @Test
  void nearTheEnd_whatIsLeftIsShared() {
    pace.fetched(1000 * MIB, SECOND);

    assertThat(pace.requestBytes(160 * MIB)).isEqualTo(10 * MIB);
    assertThat(pace.requestBytes(10 * MIB)).isEqualTo(4 * MIB);
  }
}
