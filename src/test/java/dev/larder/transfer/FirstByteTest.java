package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.QUICK;
import static dev.larder.transfer.FlightFixture.open;
import static dev.larder.transfer.FlightFixture.readAll;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.ByteRange;
import dev.larder.content.RangeRequest;
import dev.larder.store.StagedBlob;
import dev.larder.testing.Bytes;
import dev.larder.transfer.FlightFixture.Offer;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller that has to be answered by a certain moment. */
@Timeout(60)
final class FirstByteTest extends FlightCase {
  private final byte[] bytes = Bytes.of(3, 2 << 20);
  private Offer file;

  @BeforeEach
  void offer() {
    file = fixture.offer("model.bin", bytes, true);
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

  /** However soon after the last ones: nothing more may come for a long time. */
  @Test
  void firstBytesOfAnAnswer_wakeWhoeverWaitsAtOnce() throws InterruptedException {
    land(true);
  }

  /** Nor may anything come after these. */
  @Test
  void bytesInTheMiddleOfAnAnswer_wakeAllWhoWaitSoon() throws InterruptedException {
    land(false);
  }

  private void land(boolean first) throws InterruptedException {
    FlightOrder order = fixture.order(file, _ -> {});
    Course course = new Course(order);
    CountDownLatch wait = new CountDownLatch(3);
    try (StagedBlob staged = fixture.store.stage(order.expected(), order.sizeBytes(), Map.of())) {
      List<Thread> readers =
          Stream.generate(() -> Thread.ofVirtual().start(() -> awaitLanded(course, staged, wait)))
              .limit(3)
              .toList();
      wait.await();
      course.lock(); // They have let go of the lock by now: they wait.
      course.unlock();
      new Landing(course, staged, QUICK).land(0, ByteBuffer.wrap(bytes, 0, 1000), first);
      for (Thread reader : readers) {
        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
      }
    }
  }

  private static void awaitLanded(Course course, StagedBlob staged, CountDownLatch wait) {
    course.lock();
    try {
      wait.countDown();
      while (staged.landedUntil(0) == 0) {
        course.await();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      course.unlock();
    }
  }

  /**
   * A reader whose time is up while it is being woken looks at what there is before it gives up.
   */
  @Test
  void firstByte_atTheLastMoment_isInTime() throws Exception {
    fixture.hub.onFile("model.bin").stallAfter(0);
    FlightOrder order = fixture.order(file, _ -> {});
    StagedBlob staged = fixture.store.stage(order.expected(), order.sizeBytes(), Map.of());
    Flight flight = new Flight(order, staged, new GroundCrew(QUICK, _ -> {}));
    Seat seat = requireNonNull(flight.board(order, new ByteRange(0, 1000), false));
    Deadline by = Deadline.after(Duration.ofMillis(500));
    FutureTask<Long> reading = new FutureTask<>(() -> flight.awaitReadable(seat, 0, by));
    Thread reader = Thread.ofPlatform().start(reading);
    while (reader.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    flight.course().lock();
    try {
      while (!by.passed()) {
        Thread.onSpinWait();
      }
      staged.write(0, ByteBuffer.wrap(bytes, 0, 1000));
    } finally {
      flight.course().unlock();
    }
    assertThat(reading.get()).isEqualTo(1000);
    flight.stop();
    flight.leave(seat);
    assertThat(flight.awaitSettled(Duration.ofSeconds(10))).isTrue();
  }
}
