package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.open;
import static dev.larder.transfer.FlightFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import dev.larder.content.RangeRequest;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.transfer.FlightFixture.Offer;
import dev.larder.upstream.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lone range that lies a little ahead of somebody who will not get there. */
@Timeout(60)
final class SlowClaimTest {
  private static final Duration NO_STALL_TIMEOUT = Duration.ofSeconds(50);
  private final byte[] bytes = Bytes.of(5, 12 << 20);

  @TempDir Path root;
  private FlightFixture fixture;
  private Offer file;

  @BeforeEach
  void start() {
    fixture = new FlightFixture(root, NO_STALL_TIMEOUT);
    file = fixture.offer("model.bin", bytes, true);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** {@code trouble} befalls the first request, which was made for the whole file. */
  private void assertComesSoon(UnaryOperator<HubFault> trouble, int start) {
    HubFault met = trouble.apply(fixture.hub.onFile("model.bin"));
    ByteRange wanted = new ByteRange(start, start + 100_000);
    TransferSettings one = FlightFixture.QUICK.withConnections(1);
    try (Flights flights = new Flights(fixture.store, one);
        FlightReader whole = open(flights, fixture.order(file, _ -> {}))) {
      assertThat(whole.awaitReadable(0)).isPositive();
      try (FlightReader part =
          flights.open(
              fixture.order(file, _ -> {}),
              new RangeRequest.Closed(wanted.start(), wanted.end()),
              wanted,
              Deadline.after(Duration.ofSeconds(10)))) {
        assertThat(readAll(part)).isEqualTo(Arrays.copyOfRange(bytes, start, start + 100_000));
      }
      met.release();
    }
  }

  @Test
  void claimThatFellSilent_doesNotKeepTheRangeBehindIt() {
    assertComesSoon(fault -> fault.stallAfter(1 << 20), 2 << 20);
  }

  @Test
  void claimThatFellSilentInTheRange_isLeftForAnother() {
    assertComesSoon(fault -> fault.stallAfter(1 << 20), (1 << 20) - 50_000);
  }

  @Test
  void claimThatCrawls_doesNotKeepTheRangeBehindIt() {
    assertComesSoon(fault -> fault.throttle(64 << 10), 3 << 20);
  }
}
