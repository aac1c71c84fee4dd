package dev.larder.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts wrong tokens by address. After so many within a minute none is looked at until the minute
 * is over, right or wrong: else an answer that comes through would tell the right one.
 */
final class Guesses {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final long ADDRESSES = 10_000;

  private final int allowed;
  private final InstantSource clock;
  private final Cache<String, Window> windows =
      Caffeine.newBuilder().maximumSize(ADDRESSES).build();

  /** {@code wrong}: hashes of what was counted; at most as many as are allowed. */
  private record Window(Instant since, List<Integer> wrong) {
    boolean covers(Instant now) {
      return !now.isBefore(since) && now.isBefore(since.plus(WINDOW));
    }

    Window with(int hash) {
      return new Window(since, Stream.concat(wrong.stream(), Stream.of(hash)).toList());
    }
  }

  Guesses(int allowed, InstantSource clock) {
    this.allowed = allowed;
    this.clock = clock;
  }

  boolean tooMany(String address) {
    Window window = windows.getIfPresent(address);
    return window != null && window.wrong().size() >= allowed && window.covers(clock.instant());
  }

  void wrong(String address, String token) {
    count(address, token.hashCode(), false);
  }

  /** The same token again is no further guess: somebody's that has expired is tried often. */
  void wrongOnce(String address, String token) {
    count(address, token.hashCode(), true);
  }

  private void count(String address, int hash, boolean once) {
    Instant now = clock.instant();
    windows
        .asMap()
        .compute(
            address,
            (_, known) -> {
              Window window = current(known, now);
              boolean counted = once && window.wrong().contains(hash);
              return counted || window.wrong().size() >= allowed ? window : window.with(hash);
            });
  }

  private static Window current(@Nullable Window window, Instant now) {
    return window != null && window.covers(now) ? window : new Window(now, List.of());
  }
}
