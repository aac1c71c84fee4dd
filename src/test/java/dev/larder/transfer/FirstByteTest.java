package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.QUICK;
import static dev.larder.transfer.FlightFixture.open;
import static dev.larder.transfer.FlightFixture.readAll;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
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

  /** However soon after the last ones: nothing more may come for a long time. */
  @Test
  void firstBytesOfAnAnswer_wakeWhoeverWaitsAtOnce() throws InterruptedException {
    FlightOrder order = fixture.order(file, _ -> {});
    Course course = new Course(order);
    CountDownLatch waits = new CountDownLatch(1);
    try (StagedBlob staged = fixture.store.stage(order.expected(), order.sizeBytes(), Map.of())) {
      Thread reader = Thread.ofVirtual().start(() -> awaitLanded(course, staged, waits));
      waits.await();
      course.lock(); // It has let go of the lock by now: it waits.
      course.unlock();
      new Landing(course, staged, QUICK).land(0, ByteBuffer.wrap(bytes, 0, 1000), true);
      assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  private static void awaitLanded(Course course, StagedBlob staged, CountDownLatch waits) {
    course.lock();
    try {
      waits.countDown();
      while (staged.landedUntil(0) == 0) {
        course.await();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      course.unlock();
    }
  }
}
