package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.QUICK;
import static dev.larder.transfer.FlightFixture.open;
import static dev.larder.transfer.FlightFixture.order;
import static dev.larder.transfer.FlightFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.ByteRange;
import dev.larder.store.StagedBlob;
import dev.larder.testing.Bytes;
import dev.larder.transfer.FlightFixture.Offer;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults that are not the upstream's: every reader hears of them, and the next flight is sound. */
@Timeout(60)
final class FlightFaultTest extends FlightCase {
  private final byte[] bytes = Bytes.of(3, 12 << 20);
  private Offer file;

  @BeforeEach
  void offer() {
    file = fixture.offer("model.bin", bytes, true);
  }

  private void assertSound(Flights flights) {
    try (FlightReader reader = open(flights, fixture.order(file, _ -> {}))) {
      assertThat(readAll(reader)).isEqualTo(bytes);
    }
  }

  @Test
  void fetcher_diesOfAnError_readersAreToldAndTheNextFlightIsSound() {
    try (Flights flights = new Flights(fixture.store, QUICK)) {
      FlightOrder broken =
          order(
              file,
              Twisted.content(
                  fixture.content(file),
                  _ -> {
                    throw new OutOfMemoryError("scripted");
                  }),
              _ -> {});
      try (FlightReader one = open(flights, broken);
          FlightReader two = open(flights, broken)) {
        assertThatThrownBy(() -> readAll(one)).isInstanceOf(TransferException.Broken.class);
        assertThatThrownBy(() -> two.awaitPublished(_ -> {}))
            .isInstanceOf(TransferException.Broken.class)
            .hasMessageContaining("OutOfMemoryError");
      }
      assertSound(flights);
    }
  }

  @Test
  void hasher_diesOfAnError_readersAreToldAndTheNextFlightIsSound() {
    AtomicInteger times = new AtomicInteger();
    var store =
        Twisted.store(
            fixture.store,
            "hashForward",
            _ -> {
              if (times.getAndIncrement() == 0) {
                throw new StackOverflowError("scripted");
              }
            });
    try (Flights flights = new Flights(store, QUICK)) {
      try (FlightReader reader = open(flights, fixture.order(file, _ -> {}))) {
        assertThatThrownBy(() -> readAll(reader)).isInstanceOf(TransferException.Broken.class);
      }
      assertSound(flights);
    }
  }

  /** A room around a flight in which no thread can be started. */
  private static final class NoThreads implements FlightCrew {
    private final CountDownLatch settled = new CountDownLatch(1);
    private final Lanes lanes = new Lanes(1);

    @Override
    public TransferSettings settings() {
      return QUICK;
    }

    @Override
    public Lanes lanes() {
      return lanes;
    }

    @Override
    public void fetch(Flight flight, Claim first) {
      throw new OutOfMemoryError("unable to create native thread");
    }

    @Override
    public void hash(Flight flight) {
      throw new OutOfMemoryError("unable to create native thread");
    }

    @Override
    public void troubled(FlightOrder order, UpstreamException trouble) {}

    @Override
    public void settle(Flight flight, @Nullable RuntimeException failure) {
      settled.countDown();
    }
  }

  @Test
  void flight_withoutThreads_failsAndSettles() {
    for (boolean wholeFile : List.of(true, false)) {
      NoThreads crew = new NoThreads();
      FlightOrder order = fixture.order(file, _ -> {});
      try (StagedBlob staged = fixture.store.stage(file.identity(), bytes.length, Map.of())) {
        Flight flight = new Flight(order, staged, crew);
        Seat seat = flight.board(order, new ByteRange(0, wholeFile ? bytes.length : 10), wholeFile);
        assertThat(seat).isNotNull();
        assertThatThrownBy(() -> flight.awaitReadable(seat, 0, Deadline.NEVER))
            .isInstanceOf(TransferException.Broken.class);
        assertThat(crew.settled.getCount()).as("flights that did not settle").isZero();
        flight.leave(seat);
        assertThat(crew.lanes.take(() -> {})).as("the only lane is free again").isTrue();
      }
    }
  }

  @Test
  void publishing_failsAfterTheCommit_readersGetAllAndTheBlobStays() {
    FlightOrder order =
        fixture.order(
            file,
            _ -> {
              throw new IllegalStateException("scripted");
            });
    try (Flights flights = new Flights(fixture.store, QUICK)) {
      try (FlightReader reader = open(flights, order);
          FlightReader pull = open(flights, order)) {
        assertThatThrownBy(() -> pull.awaitPublished(_ -> {}))
            .isInstanceOf(TransferException.Broken.class);
        assertThat(readAll(reader)).isEqualTo(bytes);
      }
      fixture.hub.clearLog();
      assertSound(flights);
      assertThat(fixture.hub.fileBytesSent()).as("bytes fetched again").isZero();
    }
  }

  @Test
  void hasher_looksUpEveryFewMegabytes() {
    AtomicLong longest = new AtomicLong();
    var store =
        Twisted.store(
            fixture.store,
            "hashForward",
            arguments -> longest.accumulateAndGet((Long) arguments[0], Math::max));
    try (Flights flights = new Flights(store, QUICK)) {
      assertSound(flights);
    }
    assertThat(longest.get()).isBetween(1L, 16L << 20);
  }

  @Test
  void close_manyFlightsThatDoNotEnd_waitsOnceForAll() throws Exception {
    Duration limit = Duration.ofSeconds(1);
    int count = 5;
    Semaphore publishing = new Semaphore(0);
    CountDownLatch released = new CountDownLatch(1);
    List<FlightReader> readers = new ArrayList<>();
    Flights flights = new Flights(fixture.store, QUICK, limit);
    for (int i = 0; i < count; i++) {
      Offer small = fixture.offer("small-" + i, Bytes.of(i, 500), true);
      readers.add(
          open(
              flights,
              fixture.order(
                  small,
                  _ -> {
                    publishing.release();
                    await(released);
                  })));
    }
    publishing.acquire(count);
    long before = System.nanoTime();
    flights.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(limit.multipliedBy(3));
    released.countDown();
    readers.forEach(FlightReader::close);
    flights.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
