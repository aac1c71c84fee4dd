package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat.Fingerprint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One published blob: its leases, counted, and its one channel. Lock-free, apart from opening.
 *
 * <p>States of {@link #holders}: {@code n >= 0} leases; {@link #BUSY} for the moment in which an
 * idle channel is closed; {@link #GONE} for ever once it left the store and nobody reads it.
 */
final class PublishedBlob {
  private static final int GONE = -1;
  private static final int BUSY = -2;

  /** Not an object for each: a store has a million blobs. */
  private static final AtomicIntegerFieldUpdater<PublishedBlob> HOLDERS =
      AtomicIntegerFieldUpdater.newUpdater(PublishedBlob.class, "holders");

  private final Digest digest;
  private volatile int holders;
  private volatile Fingerprint fingerprint;
  private volatile @Nullable FileChannel channel;
  private volatile boolean retired;
  private volatile long lastUsedNanos;

  PublishedBlob(Digest digest, Fingerprint fingerprint) {
    this.digest = digest;
    this.fingerprint = fingerprint;
  }

  Digest digest() {
    return digest;
  }

  long sizeBytes() {
    return fingerprint.sizeBytes();
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  /** The same bytes under new times, after they were hashed. */
  void refresh(Fingerprint now) {
    fingerprint = now;
  }

  /** Counts one more holder; false when the blob left the store. */
  boolean acquire() {
    while (true) {
      int n = holders;
      if (n == GONE || retired) {
        return false;
      }
      if (n == BUSY) {
        Thread.onSpinWait();
      } else if (HOLDERS.compareAndSet(this, n, n + 1)) {
        if (!retired) {
          return true;
        }
        release();
        return false;
      }
    }
  }

  void release() {
    lastUsedNanos = System.nanoTime();
    if (HOLDERS.decrementAndGet(this) == 0 && retired) {
      closeIfUnheld();
    }
  }

  /** Ends it unless it is held: nobody can acquire it any more. */
  boolean retireIfUnheld() {
    while (true) {
      int n = holders;
      if (n == BUSY) {
        Thread.onSpinWait();
      } else if (n != 0) {
        return n == GONE;
      } else if (HOLDERS.compareAndSet(this, 0, GONE)) {
        closeChannel();
        return true;
      }
    }
  }

  /** Nobody can acquire it any more; the last holder's release closes the channel. */
  void retire() {
    retired = true;
    closeIfUnheld();
  }

  private void closeIfUnheld() {
    if (HOLDERS.compareAndSet(this, 0, GONE)) {
      closeChannel();
    }
  }

  /** Closes the channel of a blob that nobody holds; false when somebody does. */
  boolean closeIdle() {
    if (!HOLDERS.compareAndSet(this, 0, BUSY)) {
      return false;
    }
    closeChannel();
    holders = 0;
    return true;
  }

  boolean isHeld() {
    return holders > 0;
  }

  boolean isOpen() {
    FileChannel open = channel;
    return open != null && open.isOpen();
  }

  /** The shared channel if it is open; for a holder. */
  @Nullable FileChannel openChannel() {
    FileChannel open = channel;
    return open != null && open.isOpen() ? open : null;
  }

  long lastUsedNanos() {
    return lastUsedNanos;
  }

  /** Opens a file for reading. */
  interface Opener {
    FileChannel open() throws IOException;
  }

  /** The shared channel, opened when it is not; for a holder. */
  FileChannel channel(Opener opener) throws IOException {
    FileChannel open = channel;
    // Interrupting a thread that reads closes the channel under everybody: then open it anew.
    return open != null && open.isOpen() ? open : openOnce(opener);
  }

  private synchronized FileChannel openOnce(Opener opener) throws IOException {
    FileChannel open = channel;
    if (open == null || !open.isOpen()) {
      open = opener.open();
      channel = open;
    }
    return open;
  }

  private void closeChannel() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing was written through it; the descriptor is gone either way.
        StoreLog.LOG.warn("closing a blob's channel failed", e);
      }
    }
  }
}
