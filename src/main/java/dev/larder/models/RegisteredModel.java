package dev.larder.models;

import dev.larder.content.Commit;
import java.time.Instant;
import java.util.Optional;

/**
 * A registered model as it is now. {@code pulled}: what was last brought here for it. {@code
 * loaded}: since when it is in memory, and how many bytes it takes there.
 */
public record RegisteredModel(
    Registration registration,
    Instant registeredAt,
    Optional<Pulled> pulled,
    Optional<InMemory> loaded) {
  /** The one that it was registered with, else the one that it was pulled for. */
  public Optional<String> engine() {
    return registration.engine().or(() -> pulled.map(Pulled::engine));
  }

  /** {@code registered}, {@code pulled} or {@code loaded}. */
  public String state() {
    return loaded.isPresent() ? "loaded" : pulled.isPresent() ? "pulled" : "registered";
  }

  /** Its files are here. {@code sizeBytes}: of those that the engine needs. */
  public record Pulled(Commit commit, String engine, int files, long sizeBytes, Instant at) {
    /** Whether the same was brought, at whatever time. */
    boolean isAlso(Pulled other) {
      return new Pulled(commit, engine, files, sizeBytes, other.at).equals(other);
    }
  }

  /** It is in memory. */
  public record InMemory(Instant since, long sizeBytes, long accesses, int leases) {}
}
