package dev.larder.store;

import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The hash of one attempt's bytes, which follows the contiguous front of what has landed. */
final class StagedHash {
  private final Attempt attempt;
  private final WritableFile file;
  private final LandedRanges landed;
  private final BlobHasher hasher;
  private final ByteBuffer buffer = ByteBuffer.allocate(BlobHasher.BLOCK_BYTES);
  private final ReentrantLock hashing = new ReentrantLock();
  private volatile BlobHasher.@Nullable Hashed finished;

  StagedHash(Attempt attempt, WritableFile file, LandedRanges landed) {
    this.attempt = attempt;
    this.file = file;
    this.landed = landed;
    this.hasher = new BlobHasher(attempt.expected(), attempt.sizeBytes());
  }

  /** At most {@code limitBytes} further; answers how far it is. */
  long advance(long limitBytes) throws IOException {
    hashing.lock();
    try {
      long from = hasher.hashedBytes();
      long end = landed.endAt(from);
      if (end - from > limitBytes) {
        end = from + limitBytes;
      }
      // The landed bytes are in the page cache: reading them back costs a copy and no disk.
      long until = end;
      Uninterrupted.run(() -> hasher.advance(file.channel()::read, until, buffer));
      return hasher.hashedBytes();
    } finally {
      hashing.unlock();
    }
  }

  /** Of the whole file, all of which has landed; for a caller that is alone. */
  BlobHasher.Hashed complete() throws IOException {
    BlobHasher.Hashed known = finished;
    if (known != null) {
      return known;
    }
    if (landed.endAt(0) != attempt.sizeBytes()) {
      throw new IllegalStateException("not all has landed: " + landed.ranges());
    }
    advance(Long.MAX_VALUE);
    BlobHasher.Hashed hashed = hasher.finish();
    finished = hashed;
    return hashed;
  }
}
