package dev.larder.transfer;

import static dev.larder.transfer.TransferSettings.HOLD_BACK_BYTES;
import static dev.larder.transfer.TransferSettings.SMALL_FILE_BYTES;

import dev.larder.store.StagedBlob;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import org.jspecify.annotations.Nullable;

/** The readers' side of a flight: they wait here, each on its own thread, for what lands. */
final class Waiting {
  private static final long DONE = Long.MAX_VALUE;

  /** Who waits so long for a lone range looks whether the one who fetches it is too slow. */
  private static final long RELOOK_NANOS = FetchDesk.LATE_NANOS + 1_000_000;

  private final Flight flight;
  private final FlightOrder order;
  private final StagedBlob staged;
  private final Course course;

  Waiting(Flight flight, Course course) {
    this.flight = flight;
    this.order = flight.order();
    this.staged = flight.staged();
    this.course = course;
  }

  /** See {@link Place#awaitReadable}. */
  long awaitReadable(Seat seat, long position, Deadline deadline) {
    course.lock();
    try {
      seat.moveTo(position);
      long askedNanos = 0;
      for (boolean asked = false; ; asked = true) {
        long end = readable(seat, position);
        if (end > position) {
          return end;
        }
        requireMoreToCome(seat);
        if (asked && deadline.passed()) {
          throw late();
        }
        boolean late = asked && !seat.wholeFile() && sinceNanos(askedNanos) > RELOOK_NANOS;
        boolean first = !asked && !flight.fetching().servesAlready(seat);
        if (first || late || flight.fetching().idle()) {
          flight.fetching().dispatch();
          askedNanos = System.nanoTime();
          requireMoreToCome(seat);
        }
        seat.awaited(true);
        awaitChange(lookAgainIn(seat, askedNanos), deadline);
      }
    } catch (InterruptedException e) {
      throw course.interrupted();
    } finally {
      seat.awaited(false);
      course.unlock();
    }
  }

  private long readable(Seat seat, long position) {
    RuntimeException failure = course.failure();
    if (failure instanceof TransferException.ContentMismatch) {
      // Not even what has landed is given on: it is known to be wrong.
      throw failure;
    }
    long end = seat.range().end();
    if (seat.wholeFile() && !course.sound()) {
      end = waitsForAll(seat) ? position : Math.min(end, order.sizeBytes() - HOLD_BACK_BYTES);
    }
    return end <= position ? position : Math.min(end, staged.landedUntil(position));
  }

  /** Whether the file is small and may still be here before its reader has to give something. */
  private boolean waitsForAll(Seat seat) {
    return order.sizeBytes() <= SMALL_FILE_BYTES && seat.patienceNanos() > 0;
  }

  private long lookAgainIn(Seat seat, long askedNanos) {
    if (!seat.wholeFile()) {
      return RELOOK_NANOS - sinceNanos(askedNanos);
    }
    return waitsForAll(seat) ? seat.patienceNanos() : Long.MAX_VALUE;
  }

  private void requireMoreToCome(Seat seat) {
    @Nullable RuntimeException failure = course.failure();
    if (failure != null) {
      throw failure;
    }
    if (course.stopped() || seat.left()) {
      throw course.stoppedError();
    }
  }

  private static long sinceNanos(long then) {
    return System.nanoTime() - then;
  }

  /**
   * For {@code most} nanoseconds at the longest. Whether something came in time is seen by who
   * looks again.
   */
  private void awaitChange(long most, Deadline deadline) throws InterruptedException {
    long left = deadline.finite() ? deadline.remaining().toNanos() : Long.MAX_VALUE;
    long _ = course.awaitNanos(Math.min(left, Math.max(most, 1)));
  }

  private UpstreamException late() {
    return new UpstreamException.UpstreamUnreachable(
        "Tried to get %s, but nothing of it came in the time there is for an answer. Trying again may help."
            .formatted(order.content().description()),
        true,
        null);
  }

  /**
   * Blocks until the blob is published. Throws what made the flight fail. {@code progress} may take
   * its time: nobody waits for it.
   */
  void awaitPublished(Flights.ProgressListener progress) {
    for (long told = -1; told != DONE; ) {
      told = awaitChange(told);
      progress.landed(told == DONE ? order.sizeBytes() : told);
    }
  }

  /** Blocks until other than {@code known} bytes have landed; {@link #DONE} once published. */
  private long awaitChange(long known) {
    course.lock();
    try {
      while (course.phase() != Course.Phase.PUBLISHED) {
        throwIfAny(course.failure());
        if (course.stopped() && course.phase() == Course.Phase.FETCHING) {
          throw course.stoppedError();
        }
        long landed = flight.landedBytes();
        if (landed != known) {
          return landed;
        }
        course.await();
      }
      throwIfAny(course.publishTrouble());
      return DONE;
    } catch (InterruptedException e) {
      throw course.interrupted();
    } finally {
      course.unlock();
    }
  }

  private static void throwIfAny(@Nullable RuntimeException failure) {
    if (failure != null) {
      throw failure;
    }
  }
}
