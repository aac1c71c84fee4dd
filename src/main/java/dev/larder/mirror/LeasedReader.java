package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.store.BlobLease;
import dev.larder.transfer.FlightReader;
import dev.larder.transfer.Flights;
import java.nio.channels.FileChannel;

/**
 * A part of a blob that is here, for who takes it piece by piece as from a flight. What somebody
 * rewrote meanwhile is never completed.
 */
record LeasedReader(BlobLease lease, ByteRange range) implements FlightReader {
  @Override
  public boolean joined() {
    return false;
  }

  @Override
  public long awaitReadable(long position) {
    if (position > range.start() && !lease.isUnchanged() && !lease.isSound()) {
      throw new MirrorException.Rewritten(lease.digest());
    }
    return range.end();
  }

  @Override
  public void awaitPublished(Flights.ProgressListener progress) {
    progress.landed(lease.sizeBytes());
  }

  @Override
  public FileChannel channel() {
    return lease.channel();
  }

  @Override
  public void close() {
    lease.close();
  }
}
