package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.content.RangeRequest;
import dev.larder.content.Shares.Holder;
import dev.larder.content.Shares.Share;
import dev.larder.mirror.WriteQuota.Charge;
import dev.larder.transfer.FlightKey;
import dev.larder.transfer.FlightOrder;
import dev.larder.transfer.FlightReader;
import dev.larder.transfer.Flights;
import dev.larder.transfer.ForwardingReader;
import dev.larder.upstream.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Begins flights, each in a {@link Misses place} of the caller for whom it begins; to board one
 * that is under way needs none. Safe for concurrent use.
 */
final class Departures {
  /** Who is refused is told so before the client was to have its first byte. */
  static final Duration SOONER = Duration.ofSeconds(2);

  private final Flights flights;
  private final Misses misses;
  private final WriteQuota quota;
  private final Shared<Own, Boolean> beginning = new Shared<>();

  private record Own(FlightKey key, Holder holder) {}

  Departures(Flights flights, Misses misses, WriteQuota quota) {
    this.flights = flights;
    this.misses = misses;
    this.quota = quota;
  }

  /**
   * Null when a flight would have to begin and {@code caller} had enough stored today; what is
   * under way it may join.
   */
  @Nullable FlightReader open(
      FlightOrder asked, RangeRequest request, ByteRange range, Caller caller, Deadline firstByte) {
    if (!caller.shares()) {
      return flights.open(asked, request, range, firstByte);
    }
    Charge charge = quota.charge(caller, asked);
    FlightOrder order = asked.metered(charge);
    if (flights.carries(order.key())) {
      return flights.open(order, request, range, firstByte);
    }
    AtomicReference<@Nullable FlightReader> mine = new AtomicReference<>();
    boolean mayBegin =
        beginning.get(
            new Own(order.key(), caller.holder()),
            () -> {
              if (!charge.takeAhead()) {
                return false;
              }
              try {
                Share place = misses.download(caller, firstByte.remaining().minus(SOONER));
                mine.set(inPlace(order, request, range, place, firstByte));
                return true;
              } finally {
                charge.giveBackUnlessBegun();
              }
            });
    FlightReader first = mine.get();
    if (first != null) {
      return first;
    }
    return mayBegin || flights.carries(order.key())
        ? flights.open(order, request, range, firstByte)
        : null;
  }

  private FlightReader inPlace(
      FlightOrder order, RangeRequest request, ByteRange range, Share place, Deadline firstByte) {
    boolean begun = false;
    try {
      FlightReader reader = flights.open(order, request, range, firstByte);
      begun = !reader.joined();
      return begun ? new Beginner(reader, place) : reader;
    } finally {
      if (!begun) {
        place.close();
      }
    }
  }

  /** Who began a flight gives its place back when it leaves. */
  private static final class Beginner extends ForwardingReader {
    private final Share place;

    Beginner(FlightReader reader, Share place) {
      super(reader);
      this.place = place;
    }

    @Override
    public void close() {
      super.close();
      place.close();
    }
  }
}
