package dev.larder.transfer;

import dev.larder.content.Digest;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreException;

/**
 * Follows the contiguous front of a flight, then verifies and publishes. Runs on a platform thread
 * of its own.
 */
final class Hasher implements Runnable {
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
        flight.verified();
        Digest digest = staged.commit();
        flight.committed(digest);
        order.published().accept(digest);
        flight.ended();
      }
    } catch (StoreException.BlobMismatch e) {
      flight.fail(
          new TransferException.ContentMismatch(
              "What the upstream sent for %s is not what it announced: %s"
                  .formatted(order.content().description(), e.explanation()),
              e));
    } catch (RuntimeException e) {
      flight.fail(e);
    } finally {
      flight.hasherEnded();
    }
  }

  private boolean hashAll() {
    while (true) {
      long hashed = staged.hashForward(order.sizeBytes());
      if (hashed == order.sizeBytes()) {
        return true;
      }
      if (!flight.awaitLanded(hashed)) {
        return false;
      }
    }
  }
}
