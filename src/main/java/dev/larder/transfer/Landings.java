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
  private final Map<FlightKey, Landing> latest = new LinkedHashMap<>();

  private record Landing(Digest digest, Names names) {}

  Landings(BlobStore store) {
    this.store = store;
  }

  /** {@code names}: those that were told. */
  void note(FlightKey key, Digest digest, Names names) {
    latest.put(key, new Landing(digest, names));
    if (latest.size() > LIMIT) {
      latest.remove(latest.keySet().iterator().next());
    }
  }

  /** From memory: asks no disk. */
  Optional<Digest> of(FlightOrder order) {
    Optional<Digest> digest =
        switch (order.expected()) {
          case Digest sha256 -> Optional.of(sha256);
          case GitBlobId _ -> Optional.ofNullable(latest.get(order.key())).map(Landing::digest);
        };
    return digest.filter(d -> store.find(d) instanceof Lookup.Present);
  }

  /** Whether this one is to be told that the object is {@code digest}; then it counts as told. */
  boolean toTell(FlightOrder order, Digest digest) {
    Landing landing = latest.get(order.key());
    if (landing == null || !landing.digest().equals(digest)) {
      landing = new Landing(digest, new Names());
      note(order.key(), digest, landing.names());
    }
    return landing.names().toTell(order);
  }
}
