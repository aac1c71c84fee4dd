package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.RangeRequest;
import dev.larder.store.BlobLease;
import dev.larder.store.BlobStore;
import dev.larder.store.RoomMaker;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreException;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All running downloads. Two requests for the same {@link FlightKey} share one flight; what an
 * ended flight left unfinished is taken up by the next one, also in another process. Safe for
 * concurrent use.
 */
public final class Flights implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Flights.class);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);

  /** Others may take the room that was made. */
  private static final int MOST_ROOM_MADE = 3;

  /** A client is answered past the store rather than late; whoever has no deadline waits. */
  private static final Duration CLIENTS_ROOM_WAIT = Duration.ofSeconds(8);

  private static final Duration LONGEST_ROOM_WAIT = Duration.ofMinutes(10);

  private final BlobStore store;
  private final Duration settleLimit;
  private final FlightCrew crew;
  private final Cooling cooling = new Cooling();

  /**
   * Guards the two tables; held for look-ups and for creating a staged file, never while waiting
   * for an upstream.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<FlightKey, Flight> running = new HashMap<>();
  private final Landings landings;
  private boolean closed;

  public Flights(BlobStore store, TransferSettings settings) {
    this(store, settings, SETTLE_LIMIT);
  }

  /** {@code settleLimit}: how long an ended flight may take to put its bytes away. */
  Flights(BlobStore store, TransferSettings settings, Duration settleLimit) {
    this.store = store;
    this.settleLimit = settleLimit;
    this.crew = new GroundCrew(settings, this::forget);
    this.landings = new Landings(store);
  }

  /**
   * Joins the flight for {@code order}, or starts it. {@code range} is what {@code request} means
   * in this file. The reader tries anew, a bounded number of times, when the flight fails before it
   * has given a byte on. Throws {@link StoreException.StoreFull}, {@link
   * TransferException.CoolingDown}.
   */
  public FlightReader open(FlightOrder order, RangeRequest request, ByteRange range) {
    return open(order, request, range, Deadline.NEVER);
  }

  /**
   * As {@link #open(FlightOrder, RangeRequest, ByteRange)} for a caller that has to be answered by
   * {@code firstByte}: when nothing can be given on by then, whether the flight queues, tries again
   * or is put away, {@link FlightReader#awaitReadable} throws {@link
   * UpstreamException.UpstreamUnreachable}, a timeout. From the first byte on the deadline is void.
   */
  public FlightReader open(
      FlightOrder order, RangeRequest request, ByteRange range, Deadline firstByte) {
    boolean wholeFile = request.endsTheFile();
    Place place = board(order, range, wholeFile, firstByte);
    return new Passenger(this, order, range, wholeFile, place, firstByte);
  }

  /** As {@link #open} when the flight of {@code key} is under way; nothing is started otherwise. */
  public Optional<FlightReader> join(FlightKey key, RangeRequest request, ByteRange range) {
    return join(key, request, range, Deadline.NEVER);
  }

  /** With a deadline for the first byte. */
  public Optional<FlightReader> join(
      FlightKey key, RangeRequest request, ByteRange range, Deadline firstByte) {
    lock.lock();
    try {
      Flight flight = running.get(key);
      boolean wholeFile = request.endsTheFile();
      Seat seat = flight == null ? null : flight.board(flight.order(), range, wholeFile);
      return flight == null || seat == null
          ? Optional.empty()
          : Optional.of(
              new Passenger(
                  this,
                  flight.order(),
                  range,
                  wholeFile,
                  new Place.Aboard(flight, seat, true),
                  firstByte));
    } finally {
      lock.unlock();
    }
  }

  /** Whether the flight of {@code key} is under way. */
  public boolean carries(FlightKey key) {
    lock.lock();
    try {
      Flight flight = running.get(key);
      return flight != null && !flight.over();
    } finally {
      lock.unlock();
    }
  }

  /** Hears how far a fetch is; called as bytes land, from one thread. */
  public interface ProgressListener {
    void landed(long bytes);
  }

  /** What is in the air. */
  public List<FlightReport> report() {
    lock.lock();
    try {
      return running.values().stream()
          .map(f -> new FlightReport(f.order().key(), f.landedBytes(), f.order().sizeBytes()))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** One running flight: how much has landed of how much. */
  public record FlightReport(FlightKey key, long landedBytes, long sizeBytes) {}

  /**
   * A place in the flight of {@code order}. A flight may have ended well since its caller looked
   * for the object, so the store is asked again before another one starts.
   */
  Place board(FlightOrder order, ByteRange range, boolean wholeFile, Deadline by) {
    boolean damaged = false;
    int roomMade = 0;
    while (true) {
      Step step;
      try {
        step = step(order, range, wholeFile, damaged);
      } catch (StoreException refusal) {
        if (!StoreException.isWantOfRoom(refusal) || roomMade++ == MOST_ROOM_MADE) {
          throw refusal;
        }
        makeRoom(order, refusal, by);
        continue;
      }
      switch (step) {
        case Step.Seated(Place place) -> {
          return place;
        }
        case Step.Here(Digest digest) -> {
          Optional<BlobLease> lease = store.lease(digest);
          if (lease.isPresent()) {
            return new Place.Landed(lease.get(), range, told(order, digest));
          }
          damaged = true;
        }
        case Step.Ending(Flight flight) -> awaitSettled(flight, by);
      }
    }
  }

  /** It came too late to be told by the flight. Answers what kept it from being written down. */
  private @Nullable RuntimeException told(FlightOrder order, Digest digest) {
    lock.lock();
    try {
      Flight ending = running.get(order.key());
      boolean due =
          ending != null && ending.published().filter(digest::equals).isPresent()
              ? ending.toTell(order)
              : landings.toTell(order, digest);
      if (!due) {
        return null;
      }
    } finally {
      lock.unlock();
    }
    return Names.tell(order, digest);
  }

  /** Without the lock: nobody else waits for it. */
  private void makeRoom(FlightOrder order, StoreException refusal, Deadline by) {
    Duration within = by.finite() ? by.atMost(CLIENTS_ROOM_WAIT).remaining() : LONGEST_ROOM_WAIT;
    RoomMaker.Need need =
        new RoomMaker.Need(
            order.key().toString(),
            order.sizeBytes(),
            order.insists(),
            refusal instanceof StoreException.StoreIo);
    Optional<String> holders = store.makeRoom(need, within);
    if (holders.isPresent()) {
      throw StoreException.StoreFull.heldBy(refusal, holders.get());
    }
  }

  /** What one look at the table came to. */
  private sealed interface Step {
    record Seated(Place place) implements Step {}

    /** No flight is under way, and the object is in the store. */
    record Here(Digest digest) implements Step {}

    /** Its flight is over and has not put its bytes away yet. */
    record Ending(Flight flight) implements Step {}
  }

  private Step step(FlightOrder order, ByteRange range, boolean wholeFile, boolean damaged) {
    lock.lock();
    try {
      if (closed) {
        throw new TransferException.Interrupted(
            "Larder is shutting down; " + order.key() + " is not fetched.");
      }
      Flight present = running.get(order.key());
      if (present == null && !damaged) {
        // A flight leaves the table after its blob is in the store: what is not there now never
        // was.
        Optional<Digest> landed = landings.of(order);
        if (landed.isPresent()) {
          return new Step.Here(landed.get());
        }
      }
      Flight flight = present != null ? present : start(order);
      Seat seat = flight.board(order, range, wholeFile);
      if (seat != null) {
        return new Step.Seated(new Place.Aboard(flight, seat, present != null));
      }
      // To be put away it waits for its lock, which thousands of readers want in that moment.
      Optional<Digest> published = damaged ? Optional.empty() : flight.published();
      return published.<Step>map(Step.Here::new).orElseGet(() -> new Step.Ending(flight));
    } finally {
      lock.unlock();
    }
  }

  private void awaitSettled(Flight flight, Deadline by) {
    if (!flight.awaitSettled(by.atMost(settleLimit).remaining())) {
      throw new TransferException.CoolingDown(
          "An earlier download of " + flight.order().key() + " is still being put away.",
          Duration.ofSeconds(2));
    }
  }

  private Flight start(FlightOrder order) {
    cooling.check(order.key());
    StagedBlob staged =
        store
            .resume(order.expected(), order.sizeBytes(), order.key().label())
            .orElseGet(() -> store.stage(order.expected(), order.sizeBytes(), order.key().label()));
    Flight flight = new Flight(order, staged, crew);
    running.put(order.key(), flight);
    order.meter().begun();
    LOG.atDebug()
        .addKeyValue("object", order.key())
        .addKeyValue("bytes", order.sizeBytes())
        .log("flight starts");
    return flight;
  }

  /**
   * After three mismatches in one request, the object rests for a second before anybody tries
   * again.
   */
  void coolDown(FlightKey key) {
    cooling.note(key);
  }

  /** Stops every flight and keeps what has landed. */
  @Override
  public void close() {
    List<Flight> flights;
    lock.lock();
    try {
      closed = true;
      flights = List.copyOf(running.values());
    } finally {
      lock.unlock();
    }
    Deadline end = Deadline.after(settleLimit); // For all of them together.
    flights.forEach(Flight::stop);
    for (Flight flight : flights) {
      if (!flight.awaitSettled(end.remaining())) {
        LOG.atWarn()
            .addKeyValue("object", flight.order().key())
            .log("a flight did not end in time");
      }
    }
  }

  /** An ended flight has put its bytes away: what it published is in the store by now. */
  private void forget(Flight flight) {
    lock.lock();
    try {
      FlightOrder order = flight.order();
      flight
          .published()
          .ifPresentOrElse(
              blob -> landings.note(order.key(), blob, flight.names()), order.meter()::inVain);
      running.remove(order.key(), flight);
    } finally {
      lock.unlock();
    }
  }
}
