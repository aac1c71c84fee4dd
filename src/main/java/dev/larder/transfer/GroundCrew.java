package dev.larder.transfer;

import dev.larder.upstream.UpstreamException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the threads of flights, and puts away what an ended flight had. Safe for concurrent use.
 */
final class GroundCrew implements FlightCrew {
  private static final Logger LOG = LoggerFactory.getLogger(GroundCrew.class);

  private final TransferSettings settings;
  private final Lanes lanes;
  private final Consumer<Flight> leaves;
  private final AtomicLong counter = new AtomicLong();

  /** {@code leaves} is told of each flight that is put away. */
  GroundCrew(TransferSettings settings, Consumer<Flight> leaves) {
    this.settings = settings;
    this.lanes = new Lanes(settings.allConnections());
    this.leaves = leaves;
  }

  @Override
  public TransferSettings settings() {
    return settings;
  }

  @Override
  public Lanes lanes() {
    return lanes;
  }

  @Override
  public void fetch(Flight flight, Claim first) {
    start("fetch", new Fetcher(flight, flight.order(), settings, first));
  }

  @Override
  public void hash(Flight flight) {
    start("hash", new Hasher(flight));
  }

  private void start(String role, Runnable work) {
    Thread.ofPlatform()
        .daemon()
        .name("flight-" + role + "-" + counter.incrementAndGet())
        .start(work);
  }

  @Override
  public void troubled(FlightOrder order, UpstreamException trouble) {
    LOG.atInfo()
        .addKeyValue("object", order.key())
        .addKeyValue("code", trouble.code())
        .log("trying again: {}", trouble.explanation());
  }

  @Override
  public void settle(Flight flight, @Nullable RuntimeException failure) {
    if (failure instanceof TransferException.Broken) {
      LOG.atError()
          .addKeyValue("object", flight.order().key())
          .setCause(failure)
          .log("a flight broke off");
    }
    try {
      letGo(flight, failure);
    } catch (RuntimeException | Error e) {
      // The flight is over all the same, and its readers were told why.
      LOG.atWarn()
          .addKeyValue("object", flight.order().key())
          .setCause(e)
          .log("what had landed could not be put away");
    } finally {
      leaves.accept(flight);
    }
  }

  private void letGo(Flight flight, @Nullable RuntimeException failure) {
    if (flight.published().isPresent()) {
      return;
    }
    boolean sound = flight.phase() == Course.Phase.FETCHING || failure instanceof UpstreamException;
    if (sound) {
      flight.staged().park();
    } else {
      flight.staged().discard();
    }
  }
}
