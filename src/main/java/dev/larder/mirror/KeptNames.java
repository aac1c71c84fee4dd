package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.upstream.huggingface.Document;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the hub said to whom about themselves, for as long as an access decision is trusted: clients
 * ask again and again, and the hub limits how often it tells. In memory alone, each for the caller
 * who asked. Safe for concurrent use.
 */
final class KeptNames {
  private static final int MOST = 10_000;

  private final Duration ttl;
  private final InstantSource clock;
  private final Cache<String, Kept> kept = Caffeine.newBuilder().maximumSize(MOST).build();

  private record Kept(Document document, Instant at) {}

  KeptNames(Duration ttl, InstantSource clock) {
    this.ttl = ttl;
    this.clock = clock;
  }

  Optional<Document> find(Caller caller) {
    return Optional.ofNullable(kept.getIfPresent(caller.scope()))
        .filter(it -> clock.instant().isBefore(it.at().plus(ttl)))
        .map(Kept::document);
  }

  /** Of somebody with a token of the hub: nobody else is anybody to it. */
  void keep(Caller caller, Document document) {
    if (caller.hasToken()) {
      kept.put(caller.scope(), new Kept(document, clock.instant()));
    }
  }
}
