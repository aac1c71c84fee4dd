package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.transfer.Flights.Boarded;
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
  private final Object seatLock = new Object();
  private @Nullable Boarded place;
  private boolean closed;
  private int attempts = 1;
  private boolean given;

  Passenger(Flights flights, FlightOrder order, Boarded first) {
    this.flights = flights;
    this.order = order;
    this.range = first.seat().range();
    this.wholeFile = first.seat().wholeFile();
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
      Boarded seat = seat();
      try {
        long end = seat.flight().awaitReadable(seat.seat(), position);
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
      Boarded seat = seat();
      try {
        seat.flight().awaitPublished(progress);
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
    Boarded next = flights.board(order, range, wholeFile);
    synchronized (seatLock) {
      if (!closed) {
        place = next;
        return;
      }
    }
    next.flight().leave(next.seat());
    throw why;
  }

  private Boarded seat() {
    synchronized (seatLock) {
      if (place == null) {
        throw new TransferException.Interrupted("The reader of " + order.key() + " is closed.");
      }
      return place;
    }
  }

  @Override
  public FileChannel channel() {
    return seat().flight().staged().channel();
  }

  private void leave() {
    Boarded seat;
    synchronized (seatLock) {
      seat = place;
      place = null;
    }
    if (seat != null) {
      seat.flight().leave(seat.seat());
    }
  }

  @Override
  public void close() {
    synchronized (seatLock) {
      closed = true;
    }
    leave();
  }
}
