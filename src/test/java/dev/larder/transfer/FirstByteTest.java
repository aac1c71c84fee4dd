package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.QUICK;
import static dev.larder.transfer.FlightFixture.open;
import static dev.larder.transfer.FlightFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.ByteRange;
import dev.larder.content.RangeRequest;
import dev.larder.testing.Bytes;
import dev.larder.transfer.FlightFixture.Offer;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A caller that has to be answered by a certain moment. */
@Timeout(60)
final class FirstByteTest {
  private final byte[] bytes = Bytes.of(3, 2 << 20);

  @TempDir Path root;
  private FlightFixture fixture;
  private Offer file;

  @BeforeEach
  void start() {
    fixture = new FlightFixture(root);
    file = fixture.offer("model.bin", bytes, true);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private FlightReader openBy(Flights flights, Duration budget) {
    return flights.open(
        fixture.order(file, _ -> {}),
        RangeRequest.WHOLE,
        ByteRange.whole(bytes.length),
        Deadline.after(budget));
  }

  @Test
  void firstByte_tooLate_isATimeoutAndOthersWaitOn() {
    fixture.hub.onFile("model.bin").stallAfter(0);
    try (Flights flights = new Flights(fixture.store, QUICK);
        FlightReader patient = open(flights, fixture.order(file, _ -> {}))) {
      try (FlightReader hurried = openBy(flights, Duration.ofMillis(200))) {
        assertThatThrownBy(() -> hurried.awaitReadable(0))
            .isInstanceOfSatisfying(
                UpstreamException.UpstreamUnreachable.class,
                late -> assertThat(late.code()).isEqualTo("upstream-timeout"));
      }
      fixture.hub.clearFaults();
      assertThat(readAll(patient)).isEqualTo(bytes);
    }
  }

  @Test
  void firstByte_inTime_theRestMayTakeLonger() {
    fixture.hub.throttle(1 << 20);
    Duration budget = Duration.ofSeconds(1);
    long before = System.nanoTime();
    try (Flights flights = new Flights(fixture.store, QUICK);
        FlightReader reader = openBy(flights, budget)) {
      assertThat(readAll(reader)).isEqualTo(bytes);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(budget);
    }
  }
}
