package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.UpstreamBusy;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often an upstream still lets itself be asked, as its own answers say, and the back-off clock
 * that everybody who asks it shares: while it runs, nobody asks. An upstream counts for each bucket
 * of addresses and for each asker, so the clock of one caller's token stops nobody else.
 *
 * <p>Kept in memory only and by the monotonic clock: it neither outlives the process nor jumps with
 * the time of day. What an upstream asks for is believed up to {@link #LONGEST}. Safe for
 * concurrent use.
 */
public final class RateLimits {
  /** The window of the hub's limits; whoever asks for more is not believed. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** An overload does not last as long as a window, and its end is not told. */
  static final Duration LONGEST_OVERLOAD = Duration.ofSeconds(30);

  /** A request waits for the clock so long, if that is enough. */
  static final Duration LONGEST_WAIT = RetryAfter.LONGEST_TOLD;

  /** Waiters do not start all at the same moment. */
  private static final long SPREAD_NANOS = Duration.ofMillis(200).toNanos();

  private static final int MOST = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);

  private final Origin upstream;
  private final Function<URI, String> bucketOf;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Bucket> eldest) {
          return size() > MOST;
        }
      };

  private record Key(String bucket, Asker asker) {}

  private static final class Bucket {
    private RateLimitHeader said = RateLimitHeader.NOTHING;
    private long restsUntil = System.nanoTime();

    Duration rest() {
      return Duration.ofNanos(Math.max(0, restsUntil - System.nanoTime()));
    }
  }

  /**
   * One bucket as it stands. {@code name} is the upstream's own where it told one. {@code
   * remaining} of {@code quota} requests in {@code windowSeconds}, as far as it told. {@code
   * rests}: nobody asks for so long. {@code own}: of a token rather than of anonymous questions.
   */
  public record Standing(
      String name,
      boolean own,
      OptionalLong remaining,
      OptionalLong quota,
      OptionalLong windowSeconds,
      Duration rests) {}

  /** {@code bucketOf} tells which addresses of {@code upstream} are counted together. */
  public RateLimits(Origin upstream, Function<URI, String> bucketOf, InstantSource clock) {
    this.upstream = upstream;
    this.bucketOf = bucketOf;
    this.clock = clock;
  }

  /**
   * Waits for the clock when that ends soon. Throws {@link UpstreamBusy} at once when it does not:
   * a wait that cannot help is none.
   */
  void before(WireRequest request, Credential credential, Deadline deadline) {
    Key key = new Key(bucketOf.apply(request.address()), Asker.of(credential));
    for (Duration rest = rest(key); rest.isPositive(); rest = rest(key)) {
      if (rest.compareTo(LONGEST_WAIT) > 0
          || !deadline.allows(rest)
          || Thread.currentThread().isInterrupted()) {
        throw new UpstreamBusy(
            "Tried to get %s from %s, but it wants to be left alone for another %d s. It is not asked before that."
                .formatted(request.what(), upstream, rest.toSeconds() + 1),
            429,
            rest);
      }
      LockSupport.parkNanos(
          this, rest.toNanos() + ThreadLocalRandom.current().nextLong(SPREAD_NANOS));
    }
  }

  /** Draws from an answer what it says of the limits. */
  void after(WireRequest request, Credential credential, WireResponse response) {
    RateLimitHeader said = RateLimitHeader.of(response.fields());
    Duration rest = wish(response, said);
    if (said.equals(RateLimitHeader.NOTHING) && rest.isZero()) {
      return;
    }
    Key key = new Key(bucketOf.apply(request.address()), Asker.of(credential));
    boolean begins;
    lock.lock();
    try {
      Bucket bucket = buckets.computeIfAbsent(key, _ -> new Bucket());
      bucket.said = said.equals(RateLimitHeader.NOTHING) ? bucket.said : said;
      begins = rest.isPositive() && bucket.rest().isZero();
      if (rest.compareTo(bucket.rest()) > 0) {
        bucket.restsUntil = System.nanoTime() + rest.toNanos();
      }
    } finally {
      lock.unlock();
    }
    if (begins) {
      LOG.atWarn()
          .addKeyValue("upstream", upstream)
          .addKeyValue("bucket", key.bucket())
          .addKeyValue("status", response.status())
          .addKeyValue("seconds", rest.toSeconds())
          .log("The upstream limits how often it is asked; nobody asks it for a while");
    }
  }

  private Duration wish(WireResponse response, RateLimitHeader said) {
    if (said.exhausted().isPresent()) {
      return bounded(said.exhausted().get(), LONGEST);
    }
    Optional<Duration> told = RetryAfter.of(response.fields(), clock);
    return switch (response.status()) {
      case 429 -> bounded(told.orElse(RetryAfter.UNSAID), LONGEST);
      case 503 -> bounded(told.orElse(Duration.ZERO), LONGEST_OVERLOAD);
      default -> Duration.ZERO;
    };
  }

  private static Duration bounded(Duration wish, Duration most) {
    return wish.compareTo(most) > 0 ? most : wish;
  }

  private Duration rest(Key key) {
    lock.lock();
    try {
      Bucket bucket = buckets.get(key);
      return bucket == null ? Duration.ZERO : bucket.rest();
    } finally {
      lock.unlock();
    }
  }

  /** Whether anonymous questions to this bucket have to wait. */
  public boolean rests(String bucket) {
    return rest(new Key(bucket, Asker.ANYBODY)).isPositive();
  }

  /** Whether less than a quarter is left of what anonymous callers may ask, as far as it told. */
  public boolean scarce(String bucket) {
    lock.lock();
    try {
      Bucket known = buckets.get(new Key(bucket, Asker.ANYBODY));
      RateLimitHeader said = known == null ? RateLimitHeader.NOTHING : known.said;
      return said.quota().isPresent()
          && said.remaining().orElse(Long.MAX_VALUE) < said.quota().getAsLong() / 4;
    } finally {
      lock.unlock();
    }
  }

  /** Every bucket that something is known of; of many tokens the one with the least left. */
  public List<Standing> standing() {
    Map<String, Standing> least = new java.util.TreeMap<>();
    lock.lock();
    try {
      buckets.forEach(
          (key, bucket) -> {
            Standing standing = standing(key, bucket);
            least.merge(key.bucket() + standing.own(), standing, RateLimits::tighter);
          });
    } finally {
      lock.unlock();
    }
    return List.copyOf(least.values());
  }

  private static Standing standing(Key key, Bucket bucket) {
    return new Standing(
        bucket.said.bucket().map(said -> name(key.bucket(), said)).orElse(key.bucket()),
        !key.asker().equals(Asker.ANYBODY),
        bucket.said.remaining(),
        bucket.said.quota(),
        bucket.said.windowSeconds(),
        bucket.rest());
  }

  /** It may give two buckets one name. */
  private static String name(String own, String said) {
    return said.equals(own) ? own : "%s (%s)".formatted(own, said);
  }

  private static Standing tighter(Standing a, Standing b) {
    int rests = a.rests().compareTo(b.rests());
    boolean first =
        rests != 0
            ? rests > 0
            : a.remaining().orElse(Long.MAX_VALUE) <= b.remaining().orElse(Long.MAX_VALUE);
    return first ? a : b;
  }
}
