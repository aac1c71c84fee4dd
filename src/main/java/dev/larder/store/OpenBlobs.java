package dev.larder.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the number of open idle channels bounded: past the cap the longest unused are closed. */
final class OpenBlobs {
  private final int cap;
  private final Set<PublishedBlob> open = ConcurrentHashMap.newKeySet();

  OpenBlobs(int cap) {
    this.cap = cap;
  }

  /** The channel of {@code blob}, opened when it is not; for a holder. */
  FileChannel channel(PublishedBlob blob, PublishedBlob.Opener opener) throws IOException {
    boolean wasOpen = blob.isOpen();
    FileChannel channel = blob.channel(opener);
    if (!wasOpen && open.add(blob) && open.size() > cap) {
      trim();
    }
    return channel;
  }

  void forget(PublishedBlob blob) {
    open.remove(blob);
  }

  private synchronized void trim() {
    open.removeIf(blob -> !blob.isOpen());
    int surplus = open.size() - cap + cap / 8;
    if (surplus > 0) {
      open.stream()
          .sorted(Comparator.comparingLong(PublishedBlob::lastUsedNanos))
          .limit(surplus)
          .filter(PublishedBlob::closeIdle)
          .toList()
          .forEach(open::remove);
    }
  }

  /** Closes what nobody holds; the rest closes with its last lease. */
  void closeAll() {
    open.forEach(PublishedBlob::retire);
    open.clear();
  }
}
