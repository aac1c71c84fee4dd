package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.store.BlobLease;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Where a reader gets its bytes from: a flight, or the blob that a flight has just brought. */
sealed interface Place {
  /** Whether another reader's order started the flight. */
  boolean joined();

  /**
   * As {@link FlightReader#awaitReadable}; throws {@link UpstreamException.UpstreamUnreachable}
   * when nothing came by {@code deadline}.
   */
  long awaitReadable(long position, Deadline deadline);

  /** As {@link FlightReader#awaitPublished}. */
  void awaitPublished(Flights.ProgressListener progress);

  FileChannel channel();

  void leave();

  /** A seat and the flight it is in. */
  record Aboard(Flight flight, Seat seat, boolean joined) implements Place {
    @Override
    public long awaitReadable(long position, Deadline deadline) {
      return flight.awaitReadable(seat, position, deadline);
    }

    @Override
    public void awaitPublished(Flights.ProgressListener progress) {
      flight.awaitPublished(progress);
    }

    @Override
    public FileChannel channel() {
      return flight.staged().channel();
    }

    @Override
    public void leave() {
      flight.leave(seat);
    }
  }

  /**
   * The flight ended well while its reader was on the way to it. {@code trouble}: why that could
   * not be written down.
   */
  record Landed(BlobLease lease, ByteRange range, @Nullable RuntimeException trouble)
      implements Place {
    @Override
    public boolean joined() {
      return true;
    }

    @Override
    public long awaitReadable(long position, Deadline deadline) {
      return range.end();
    }

    @Override
    public void awaitPublished(Flights.ProgressListener progress) {
      if (trouble != null) {
        throw trouble;
      }
      progress.landed(lease.sizeBytes());
    }

    @Override
    public FileChannel channel() {
      return lease.channel();
    }

    @Override
    public void leave() {
      lease.close();
    }
  }
}
