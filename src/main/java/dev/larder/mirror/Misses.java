package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.content.Shares;
import dev.larder.content.Shares.Share;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one caller may cost the hub and all others: so many questions and so many downloads begun at
 * once, and of names that the hub does not know only what leaves others a quarter of what it
 * allows. A question or download that runs already may be joined by anybody. Safe for concurrent
 * use.
 */
final class Misses {
  private static final Shares.Limits QUESTIONS = new Shares.Limits(256, 64, 192, 1_000);

  /** Less than there are connections for bytes, so that another's download finds one. */
  private static final Shares.Limits DOWNLOADS = new Shares.Limits(512, 48, 48, 1_000);

  /** The window of the hub's own limits. */
  private static final Duration WINDOW = Duration.ofMinutes(5);

  /** Optional files that a library looks for in vain are far fewer. */
  private static final int WRONG_NAMES = 200;

  private static final int MOST_ADDRESSES = 10_000;

  private final HubUpstream upstream;
  private final Shares questions = new Shares(QUESTIONS);
  private final Shares downloads = new Shares(DOWNLOADS);
  private final Cache<String, AtomicInteger> wrongNames =
      Caffeine.newBuilder().expireAfterWrite(WINDOW).maximumSize(MOST_ADDRESSES).build();

  Misses(HubUpstream upstream) {
    this.upstream = upstream;
  }

  /** For one question, to be closed when it is answered. Waits at most {@code patience}. */
  Share question(Caller caller, Bucket bucket, Duration patience, Runnable beforeWaiting) {
    requireSense(caller, bucket);
    Share place =
        place(
            questions,
            caller,
            patience,
            beforeWaiting,
            "Larder asks the hub as much for this caller as it may at once, and could not ask this too in time. Trying again in a moment may help.");
    try {
      requireSense(caller, bucket); // What was asked meanwhile may all have been wrong.
      return place;
    } catch (MirrorException.TooManyQuestions e) {
      place.close();
      throw e;
    }
  }

  private void requireSense(Caller caller, Bucket bucket) {
    if (caller.shares() && guesses(caller) && upstream.scarce(bucket)) {
      throw new MirrorException.TooManyQuestions(
          "The hub knew none of many names that this address asked for, and it lets itself be asked only so often; what is left is for others. Ask again in some minutes, or check the names.");
    }
  }

  /** The same for a download that begins, to be closed when its reader leaves. */
  Share download(Caller caller, Duration patience) {
    return place(
        downloads,
        caller,
        patience,
        () -> {},
        "Larder downloads as much for this caller as it may at once, and could not begin this too in time. Trying again in a moment may help.");
  }

  private static Share place(
      Shares places, Caller caller, Duration patience, Runnable beforeWaiting, String full) {
    Share place = places.open(caller.holder());
    if (!caller.shares() || place.tryGrow(1) || place.grow(1, Duration.ZERO)) {
      return place;
    }
    beforeWaiting.run();
    if (!place.grow(1, patience)) {
      throw new MirrorException.TooManyQuestions(full);
    }
    return place;
  }

  /** The hub did not know what {@code caller} asked for. */
  void refused(Caller caller) {
    if (caller.shares()) {
      int _ = wrongNames.get(caller.peer(), _ -> new AtomicInteger()).incrementAndGet();
    }
  }

  private boolean guesses(Caller caller) {
    AtomicInteger wrong = wrongNames.getIfPresent(caller.peer());
    return wrong != null && wrong.get() >= WRONG_NAMES;
  }
}
