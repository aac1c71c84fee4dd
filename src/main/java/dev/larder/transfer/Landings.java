package dev.larder.transfer;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Knows which object is a blob of the store by now, also when its upstream names it by a git id.
 * Forgets the oldest; the store decides whether the blob is still there. Guarded by the lock of
 * {@link Flights}.
 */
final class Landings {
  private static final int LIMIT = 4096;

  private final BlobStore store;
  private final Map<FlightKey, Digest> latest = new LinkedHashMap<>();

  Landings(BlobStore store) {
    this.store = store;
  }

  void note(FlightKey key, Digest digest) {
    latest.put(key, digest);
    if (latest.size() > LIMIT) {
      latest.remove(latest.keySet().iterator().next());
    }
  }

  /** From memory: asks no disk. */
  Optional<Digest> of(FlightOrder order) {
    Optional<Digest> digest =
        switch (order.expected()) {
          case Digest sha256 -> Optional.of(sha256);
          case GitBlobId _ -> Optional.ofNullable(latest.get(order.key()));
        };
    return digest.filter(d -> store.find(d) instanceof Lookup.Present);
  }
}
