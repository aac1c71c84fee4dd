package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.UpstreamBusy;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers for a moment that an upstream is away, so that not everybody waits for the same
 * silence: it took no connection, or several questions about different things failed with no answer
 * in between. Then nobody asks for {@link #PAUSE}; after it one may try while the others still do
 * not. Any answer ends it.
 *
 * <p>One thing that fails again and again says nothing of the rest: it alone is left unasked for
 * that long, and is no trial of whether the upstream is back. Anybody can ask for it all day. Safe
 * for concurrent use.
 */
final class Absence {
  private static final int TOLERATED = 2;

  /** So many different things fail at once only where more than they is broken. */
  static final int SEVERAL = 3;

  static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int MOST_SUBJECTS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Absence.class);

  private final String upstream;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> failing = new HashSet<>();
  private final Map<String, Broken> broken =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Broken> eldest) {
          return size() > MOST_SUBJECTS;
        }
      };
  private int refused;
  private long quietUntil;
  private @Nullable UpstreamException away;

  /** A thing that failed when it was last asked for. */
  private record Broken(int failures, long quietUntil, UpstreamException last) {}

  Absence(String upstream) {
    this.upstream = upstream;
  }

  /** Throws what went wrong last while the pause goes on; who may try after it is alone. */
  void check(Subject subject) {
    lock.lock();
    try {
      Broken own = broken.get(subject.name());
      if (own != null && own.failures() >= TOLERATED) {
        checkPause(own.quietUntil(), own.last());
        broken.put(subject.name(), new Broken(own.failures(), pause(), own.last()));
      }
      UpstreamException why = away;
      if (why != null) {
        checkPause(quietUntil, why);
        quietUntil = own == null ? pause() : quietUntil;
      }
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #check} for who will not say what came of it, and so takes nobody's turn. */
  void look() {
    lock.lock();
    try {
      UpstreamException why = away;
      if (why != null) {
        checkPause(quietUntil, why);
      }
    } finally {
      lock.unlock();
    }
  }

  private void checkPause(long until, UpstreamException why) {
    if (System.nanoTime() - until < 0) {
      throw again(why);
    }
  }

  private static long pause() {
    return System.nanoTime() + PAUSE.toNanos();
  }

  /** Not in the words of the last failure: they name what somebody else asked for. */
  private UpstreamException again(UpstreamException why) {
    String text =
        "The upstream %s could not be reached a moment ago and was not asked again so soon."
            .formatted(upstream);
    return switch (why) {
      case UpstreamBusy busy -> new UpstreamBusy(text, busy.status(), PAUSE);
      case UpstreamUnreachable gone ->
          new UpstreamUnreachable(text, gone.timeout(), gone, gone.originAway());
      default -> why;
    };
  }

  void answered(Subject subject) {
    lock.lock();
    try {
      if (away != null) {
        log.atInfo().addKeyValue("upstream", upstream).log("The upstream answers again");
      }
      Broken _ = broken.remove(subject.name());
      failing.clear();
      refused = 0;
      away = null;
    } finally {
      lock.unlock();
    }
  }

  void failed(Subject subject, UpstreamException why) {
    lock.lock();
    try {
      boolean news = why.originAway() || blame(subject, why);
      refused += why.originAway() ? 1 : 0;
      if (news && (away != null || refused >= TOLERATED || failing.size() >= SEVERAL)) {
        warn(why);
        away = why;
        quietUntil = pause();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether it did not fail before. An upstream's own word is about all of the group. */
  private boolean blame(Subject subject, UpstreamException why) {
    Broken before = broken.get(subject.name());
    int failures = before == null ? 1 : before.failures() + 1;
    broken.put(subject.name(), new Broken(failures, pause(), why));
    return before == null
        && failing.add(why instanceof UpstreamBusy ? subject.group() : subject.name());
  }

  private void warn(UpstreamException why) {
    if (away == null) {
      log.atWarn()
          .addKeyValue("upstream", upstream)
          .addKeyValue("reason", why.explanation())
          .log("The upstream does not answer; it is asked only now and then until it does");
    }
  }
}
