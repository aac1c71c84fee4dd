package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.QUICK;
import static dev.larder.transfer.FlightFixture.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.transfer.FlightFixture.Offer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class BackPressureTest extends FlightCase {
  private static final long MIB = 1 << 20;
  private static final long SIZE = 200 * MIB;

  @Test
  void hasher_farBehind_fetchingPausesUntilItHasCaughtUp() {
    CountDownLatch mayHash = new CountDownLatch(1);
    Offer file = fixture.offerGenerated("model.bin", SIZE, 1);
    var slow = Twisted.store(fixture.store, "hashForward", _ -> mayHash.await());
    try (Flights flights = new Flights(slow, QUICK.withConnections(2));
        FlightReader reader = open(flights, fixture.order(file, _ -> {}))) {
      reader.awaitReadable(0);
      awaitNoFetcher();
      long landed = flights.report().getFirst().landedBytes();
      // What was under way is fetched to its end, and nothing else begun.
      assertThat(landed).isBetween(64 * MIB, SIZE - 8 * MIB);
      mayHash.countDown();
      reader.awaitPublished(_ -> {});
    } finally {
      mayHash.countDown();
    }
  }

  private static void awaitNoFetcher() {
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("flight-fetch"))) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
