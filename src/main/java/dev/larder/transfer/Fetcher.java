package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.content.Retry;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection's worth of a flight: takes claims and fills them, until there is nothing left to
 * claim. Runs on a platform thread of its own, because writing to a disk that cannot keep up would
 * hold a virtual thread's carrier.
 */
final class Fetcher implements Runnable {
  /** As much as one read of a socket brings at most; as much again lies outside the heap. */
  private static final int BUFFER_BYTES = 128 << 10;

  private static final int TRIES_WITHOUT_PROGRESS = 6;

  private final Fetching fetching;
  private final Landing landing;
  private final FlightOrder order;
  private final TransferSettings settings;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private @Nullable Claim claim;

  Fetcher(Flight flight, FlightOrder order, TransferSettings settings, Claim first) {
    this.fetching = flight.fetching();
    this.landing = fetching.landing();
    this.order = order;
    this.settings = settings;
    this.claim = first;
  }

  @Override
  public void run() {
    try {
      for (Claim next = claim; next != null; next = fetching.nextClaim(next)) {
        fetch(next);
      }
    } catch (Throwable e) { // Nobody else would tell the readers.
      fetching.failed(e);
    } finally {
      fetching.fetcherEnded();
    }
  }

  private void fetch(Claim work) {
    int failures = 0;
    while (!work.done() && !work.abandoned()) {
      long before = work.position();
      try {
        stream(work);
        failures = 0;
      } catch (UpstreamException e) {
        if (work.abandoned()) {
          return;
        }
        failures = work.position() > before ? 1 : failures + 1;
        fetching.note(e);
        if (!mayTryAgain(work, e, failures)) {
          if (fetching.canDoWithout(work)) {
            return;
          }
          throw e;
        }
        landing.pause(delay(e.retry(), failures));
      }
    }
  }

  private boolean mayTryAgain(Claim work, UpstreamException e, int failures) {
    return switch (e) {
      case UpstreamException.EgressDenied _ -> false;
      case UpstreamException.UpstreamRefused _, UpstreamException.UpstreamUntrusted _ ->
          failures < 2;
      case UpstreamException.UpstreamLied _ -> fetching.fallBackToOneStream(work) || failures < 3;
      case UpstreamException.UpstreamUnreachable _, UpstreamException.UpstreamBusy _ ->
          failures < TRIES_WITHOUT_PROGRESS && !landing.outOfPatience();
    };
  }

  private Duration delay(Retry retry, int failures) {
    Duration backOff = settings.firstDelay().multipliedBy(1L << Math.min(failures - 1, 10));
    Duration asked =
        switch (retry) {
          case Retry.After(Duration delay) -> delay;
          case Retry.Never _, Retry.Now _ -> Duration.ZERO;
        };
    Duration longer = asked.compareTo(backOff) > 0 ? asked : backOff;
    return longer.compareTo(settings.longestDelay()) > 0 ? settings.longestDelay() : longer;
  }

  /** One request: as much of the claim as its body brings. */
  private void stream(Claim work) {
    boolean plain = fetching.oneStream() || wholeAtOnce(work);
    ByteRange range = plain ? null : work.remaining();
    try (RemoteContent.Body body = order.content().open(range, fetching.validator())) {
      if (!work.reading(body)) {
        return;
      }
      fetching.opened(work, body, range);
      read(work, body);
    } finally {
      work.reading(null);
    }
  }

  private boolean wholeAtOnce(Claim work) {
    return work.position() == 0
        && work.end() == order.sizeBytes()
        && order.sizeBytes() <= TransferSettings.ONE_REQUEST_BYTES;
  }

  private void read(Claim work, RemoteContent.Body body) {
    long at = body.start();
    while (at < work.end()) {
      int wanted = (int) Math.min(buffer.length, work.end() - at);
      int got = body.read(buffer, 0, wanted);
      if (got < 0) {
        throw new UpstreamException.UpstreamUnreachable(
            "%s ended at byte %d of %d."
                .formatted(order.content().description(), at, order.sizeBytes()),
            false,
            null);
      }
      landing.land(at, ByteBuffer.wrap(buffer, 0, got), at == body.start());
      at += got;
      if (at > work.position()) {
        work.advanceTo(at);
        if (fetching.givesWay(work)) {
          return;
        }
      }
    }
  }
}
