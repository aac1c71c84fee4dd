package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.QUICK;
import static dev.larder.transfer.FlightFixture.async;
import static dev.larder.transfer.FlightFixture.open;
import static dev.larder.transfer.FlightFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import dev.larder.testing.Bytes;
import dev.larder.transfer.FlightFixture.Offer;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.RemoteContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many flights share what connections there are. */
@Timeout(120)
final class ManyFlightsTest extends FlightCase {
  private static final int MIB = 1 << 20;

  private final AtomicInteger bodies = new AtomicInteger();
  private final AtomicInteger mostBodies = new AtomicInteger();

  /** Counts the bodies that are open at the same time, from the request on. */
  private final class Metered implements RemoteContent {
    private final RemoteContent content;

    Metered(RemoteContent content) {
      this.content = content;
    }

    @Override
    public String description() {
      return content.description();
    }

    @Override
    public Body open(@Nullable ByteRange range, @Nullable String validator, Deadline by) {
      mostBodies.accumulateAndGet(bodies.incrementAndGet(), Math::max);
      AtomicBoolean closed = new AtomicBoolean();
      return Twisted.closing(
          content.open(range, validator, by),
          () -> {
            if (closed.compareAndSet(false, true)) {
              bodies.decrementAndGet();
            }
          });
    }
  }

  private CompletableFuture<byte[]> fetching(Flights flights, Offer file) {
    RemoteContent content = new Metered(fixture.content(file));
    FlightReader reader = open(flights, FlightFixture.order(file, content, _ -> {}));
    return async(
        () -> {
          try (reader) {
            return readAll(reader);
          }
        });
  }

  @Test
  void thirtyColdFiles_allCompleteWithinTheLimit() {
    int most = 6;
    fixture.hub.throttle(4 * MIB);
    try (Flights flights = new Flights(fixture.store, QUICK.withAllConnections(most))) {
      List<byte[]> contents = new ArrayList<>();
      List<CompletableFuture<byte[]>> all = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        // Some in one request, some in several ranges.
        contents.add(Bytes.of(i, i % 10 == 0 ? 9 * MIB : 100_000));
        all.add(fetching(flights, fixture.offer("round-" + i, contents.get(i), true)));
      }
      for (int i = 0; i < 30; i++) {
        assertThat(all.get(i).join()).isEqualTo(contents.get(i));
      }
    }
    assertThat(mostBodies.get()).isBetween(2, most);
  }

  @Test
  void smallFile_besideBigOnesThatHaveEveryConnection_isDoneBeforeThem() {
    int most = 4;
    fixture.hub.throttle(MIB);
    byte[] small = Bytes.of(9, 1000);
    try (Flights flights = new Flights(fixture.store, QUICK.withAllConnections(most))) {
      List<CompletableFuture<byte[]>> big = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        big.add(fetching(flights, fixture.offerGenerated("big-" + i, 16 * MIB, i)));
      }
      List<CompletableFuture<byte[]>> late = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        late.add(fetching(flights, fixture.offer("small-" + i, Bytes.of(i, 1000), true)));
      }
      late.add(fetching(flights, fixture.offer("small", small, true)));
      assertThat(late.getLast().join()).isEqualTo(small);
      late.forEach(CompletableFuture::join);
      assertThat(big).noneMatch(CompletableFuture::isDone);
      assertThat(mostBodies.get()).isEqualTo(most);
      fixture.hub.throttle(0);
      big.forEach(CompletableFuture::join);
    }
  }
}
