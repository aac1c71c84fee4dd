package dev.larder.mirror;

import dev.larder.content.RepoId;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one caller may still be given a file of which the first bytes are out already. What is
 * said of rights in memory counts at once; the hub is asked again when its last word is older than
 * the access TTL. Its no ends the answer, its silence does not. For one thread.
 */
final class Licence {
  private static final Logger LOG = LoggerFactory.getLogger(Licence.class);

  /** However short the access TTL is. */
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

  private final Asking asking;
  private final Entitlements entitlements;
  private final MirrorSettings settings;
  private final InstantSource clock;
  private final RepoId repo;
  private final Caller caller;
  private final Again again;
  private Instant quietUntil;

  /** Puts the question to the hub once more that began the answer. */
  interface Again {
    Found<?> ask();
  }

  /** {@code quietUntil}: what was said with the request holds until then. */
  Licence(
      Asking asking,
      Entitlements entitlements,
      MirrorSettings settings,
      InstantSource clock,
      RepoId repo,
      Caller caller,
      Again again,
      Instant quietUntil) {
    this.asking = asking;
    this.entitlements = entitlements;
    this.settings = settings;
    this.clock = clock;
    this.repo = repo;
    this.caller = caller;
    this.again = again;
    this.quietUntil = quietUntil;
  }

  /** Blocks while the hub is asked. Throws {@link MirrorException.NotAllowed}. */
  void check() {
    if (settings.ownTree()
        || asking.access(repo).standing() != Standing.RESTRICTED
        || asking.pass(repo, caller) != null) {
      return;
    }
    if (entitlements.refusal(repo, caller) != null || grantIsGone()) {
      throw ended();
    }
    Instant now = clock.instant();
    boolean offline = settings.offline() || caller.offline();
    if (!offline && !now.isBefore(quietUntil)) {
      quietUntil = quietUntil(now, settings);
      ask();
    }
  }

  /** When the hub is to be asked again that was asked at {@code now}. */
  static Instant quietUntil(Instant now, MirrorSettings settings) {
    Duration pause = settings.accessTtl();
    return now.plus(pause.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : pause);
  }

  /** Who has a token of this Larder has no other right than what is granted. */
  private boolean grantIsGone() {
    return caller.principal().local() && !entitlements.granted(repo, caller);
  }

  private void ask() {
    try {
      Found<?> said = again.ask();
      if (said instanceof Found.Not<?>(Found.Refusal no)
          && no.concernsRepo()
          && Entitlements.NO_ACCESS.contains(no.status())) {
        throw ended();
      }
    } catch (UpstreamException e) {
      LOG.debug("The hub does not say whether {} may go on.", repo, e);
    }
  }

  private MirrorException ended() {
    LOG.atInfo()
        .addKeyValue("event", "download.cut")
        .addKeyValue("repo", repo)
        .addKeyValue("caller", caller.scope())
        .log("A running answer ends: its caller may not read the repo any more");
    return new MirrorException.NotAllowed(
        "The right to read %s ended while it was given.".formatted(repo));
  }
}
