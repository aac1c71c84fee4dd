package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.upstream.Deadline;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A reader that changes to a fresh flight when its own fails to verify and it has not given a byte
 * on yet.
 */
final class Passenger implements FlightReader {
  private static final int ATTEMPTS = 3;

  private final Flights flights;
  private final FlightOrder order;
  private final ByteRange range;
  private final boolean wholeFile;
  private final boolean joined;
  private final Deadline firstByte;
  private final Object placeLock = new Object();
  private @Nullable Place place;
  private boolean closed;
  private int attempts = 1;
  private boolean given;

  /** {@code firstByte}: when the first byte has to be here, whatever flights bring it. */
  Passenger(
      Flights flights,
      FlightOrder order,
      ByteRange range,
      boolean wholeFile,
      Place first,
      Deadline firstByte) {
    this.firstByte = firstByte;
    this.flights = flights;
    this.order = order;
    this.range = range;
    this.wholeFile = wholeFile;
    this.place = first;
    this.joined = first.joined();
  }

  @Override
  public ByteRange range() {
    return range;
  }

  @Override
  public boolean joined() {
    return joined;
  }

  @Override
  public long awaitReadable(long position) {
    while (true) {
      try {
        long end = place().awaitReadable(position, given ? Deadline.NEVER : firstByte);
        given = true;
        return end;
      } catch (TransferException.ContentMismatch e) {
        changeFlight(e);
      }
    }
  }

  @Override
  public void awaitPublished(Flights.ProgressListener progress) {
    while (true) {
      Place current = place();
      try {
        current.awaitPublished(progress);
        return;
      } catch (TransferException.ContentMismatch e) {
        changeFlight(e);
      }
    }
  }

  private void changeFlight(TransferException.ContentMismatch why) {
    leave();
    if (given || attempts >= ATTEMPTS) {
      flights.coolDown(order.key());
      throw why;
    }
    attempts++;
    Place next = flights.board(order, range, wholeFile, firstByte);
    synchronized (placeLock) {
      if (!closed) {
        place = next;
        return;
      }
    }
    next.leave();
    throw why;
  }

  private Place place() {
    synchronized (placeLock) {
      if (place == null) {
        throw new TransferException.Interrupted("The reader of " + order.key() + " is closed.");
      }
      return place;
    }
  }

  @Override
  public FileChannel channel() {
    return place().channel();
  }

  private void leave() {
    Place left;
    synchronized (placeLock) {
      left = place;
      place = null;
    }
    if (left != null) {
      left.leave();
    }
  }

  @Override
  public void close() {
    synchronized (placeLock) {
      closed = true;
    }
    leave();
  }
}
