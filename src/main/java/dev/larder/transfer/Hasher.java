package dev.larder.transfer;

import dev.larder.content.Digest;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the contiguous front of a flight, then verifies and publishes. Runs on a platform thread
 * of its own.
 */
final class Hasher implements Runnable {
  /** A few milliseconds' worth: a flight that is stopped is not hashed on for long. */
  private static final long STEP_BYTES = 8 << 20;

  private final Flight flight;
  private final FlightOrder order;
  private final StagedBlob staged;

  Hasher(Flight flight) {
    this.flight = flight;
    this.order = flight.order();
    this.staged = flight.staged();
  }

  @Override
  public void run() {
    try {
      if (hashAll()) {
        staged.verify();
        flight.course().verified();
        Digest digest = staged.commit();
        flight.course().committed(digest);
        tellAll(digest);
      }
    } catch (StoreException.BlobMismatch e) {
      flight.fail(
          new TransferException.ContentMismatch(
              "What the upstream sent for %s is not what it announced: %s"
                  .formatted(order.content().description(), e.explanation()),
              e));
    } catch (Throwable e) { // Nobody else would tell the readers.
      flight.fail(e);
    } finally {
      flight.fetching().hasherEnded();
    }
  }

  private boolean hashAll() {
    while (true) {
      long hashed = staged.hashForward(STEP_BYTES);
      if (hashed == order.sizeBytes()) {
        return true;
      }
      flight.fetching().hashed(hashed);
      if (!flight.fetching().landing().awaitLanded(hashed)) {
        return false;
      }
    }
  }

  /** The blob is in the store, whatever becomes of what is written about it elsewhere. */
  private void tellAll(Digest digest) {
    @Nullable RuntimeException trouble = null;
    for (FlightOrder next = flight.nextToTell(null);
        next != null;
        next = flight.nextToTell(trouble)) {
      RuntimeException met = Names.tell(next, digest);
      trouble = trouble == null ? met : trouble;
    }
  }
}
