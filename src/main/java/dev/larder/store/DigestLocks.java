package dev.larder.store;

import dev.larder.content.Digest;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One of 256 locks for each digest, by its first byte: publishing, removing and re-hashing of one
 * blob exclude each other. Held across disk and ledger writes of that blob and no network; inside
 * it only {@link Reservations} may be locked.
 */
final class DigestLocks {
  private final ReentrantLock[] stripes = new ReentrantLock[256];

  DigestLocks() {
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /** To be closed by the thread that got it. */
  Held hold(Digest digest) {
    ReentrantLock lock = stripes[Integer.parseInt(digest.shard(), 16)];
    lock.lock();
    return lock::unlock;
  }

  /** A lock that is held. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
