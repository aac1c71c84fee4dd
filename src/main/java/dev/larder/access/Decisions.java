package dev.larder.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.content.RepoId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What the hub said lately, for each repo and caller. An {@link Verdict.Allowed} holds for the
 * access TTL from when it was asked, a {@link Verdict.Denied} for at most 10 s, so that accepting a
 * licence works at once. The least recently used fall out first, which means to ask again. Never
 * written to disk, never one caller's for another. Safe for concurrent use.
 */
final class Decisions {
  private static final Duration LONGEST_DENIAL = Duration.ofSeconds(10);

  private final Duration ttl;
  private final InstantSource clock;
  private final Cache<Key, Said> said;

  private record Key(RepoId repo, String scope) {}

  private record Said(Verdict verdict, Instant asked) {}

  Decisions(Duration ttl, long limit, InstantSource clock) {
    this.ttl = ttl;
    this.clock = clock;
    this.said = Caffeine.newBuilder().maximumSize(limit).build();
  }

  @Nullable Verdict find(Principal principal, RepoId repo) {
    Said last = said.getIfPresent(new Key(repo, principal.scope()));
    if (last == null) {
      return null;
    }
    Duration age = Duration.between(last.asked(), clock.instant());
    Duration longest = last.verdict() instanceof Verdict.Denied ? denialTtl() : ttl;
    // A clock that was set back makes an answer from the future, which is not believed.
    return age.isNegative() || age.compareTo(longest) >= 0 ? null : last.verdict();
  }

  /** What was said last, however long ago; null when that is not known any more. */
  @Nullable Verdict last(Principal principal, RepoId repo) {
    Said last = said.getIfPresent(new Key(repo, principal.scope()));
    return last == null ? null : last.verdict();
  }

  private Duration denialTtl() {
    return ttl.compareTo(LONGEST_DENIAL) < 0 ? ttl : LONGEST_DENIAL;
  }

  /** {@code asked}: when the question went out, not when the answer came. */
  void note(Principal principal, RepoId repo, Verdict verdict, Instant asked) {
    said.put(new Key(repo, principal.scope()), new Said(verdict, asked));
  }

  /** Rare, so it walks them all. */
  void forget(RepoId repo) {
    said.asMap().keySet().removeIf(key -> key.repo().equals(repo));
  }
}
