package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.content.RepoId;
import dev.larder.mirror.HubMemory.Access;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the hub on a caller's behalf and learns on the way who may read a repo.
 *
 * <p>A repo is asked about anonymously first: if that is answered, it is public and the answer
 * serves everybody. If it is refused, the repo is restricted: the caller's own token goes with the
 * caller's own request, every time, and the answer is nobody else's.
 */
final class Asking {
  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);

  /** The scope of what anonymous callers may read. */
  static final String EVERYBODY = "public";

  private final HubMemory memory;
  private final Catalog catalog;
  private final MirrorSettings settings;
  private final InstantSource clock;
  private volatile long awayUntilNanos = System.nanoTime();

  Asking(HubMemory memory, Catalog catalog, MirrorSettings settings, InstantSource clock) {
    this.memory = memory;
    this.catalog = catalog;
    this.settings = settings;
    this.clock = clock;
  }

  /** One question to the hub, to be asked with a credential within a budget. */
  interface Question<T> {
    Found<T> ask(Credential credential, Duration budget);
  }

  /**
   * What the hub said, and with whose rights. {@code restricted}: the answer is this caller's
   * alone.
   */
  record Asked<T>(Found<T> found, Credential credential, boolean restricted) {
    /** What flights of this answer are keyed by. */
    String scope() {
      return restricted ? credential.scope() : EVERYBODY;
    }
  }

  /**
   * Whether the upstream failed a moment ago, so that what is cached is better answered at once.
   */
  boolean seemsAway() {
    return System.nanoTime() - awayUntilNanos < 0;
  }

  <T> Asked<T> ask(RepoId repo, Caller caller, Duration budget, Question<T> question) {
    long deadline = System.nanoTime() + budget.toNanos();
    try {
      Asked<T> asked = askInTurn(repo, caller, deadline, question);
      awayUntilNanos = System.nanoTime();
      return asked;
    } catch (UpstreamException e) {
      awayUntilNanos = System.nanoTime() + MirrorSettings.AWAY.toNanos();
      throw e;
    }
  }

  private <T> Asked<T> askInTurn(RepoId repo, Caller caller, long deadline, Question<T> question) {
    boolean hasToken = caller.credential() instanceof Credential.Token;
    RepoMemory known = memory.of(repo);
    if (!(hasToken && restrictedLately(known.access()))) {
      Found<T> anonymous = question.ask(Credential.ANONYMOUS, left(deadline));
      if (!refusesRepo(anonymous)) {
        learn(repo, Standing.PUBLIC);
        return new Asked<>(anonymous, settings.site(), false);
      }
      learn(repo, Standing.RESTRICTED);
      if (!hasToken) {
        return new Asked<>(anonymous, Credential.ANONYMOUS, true);
      }
    }
    return new Asked<>(
        question.ask(caller.credential(), left(deadline)), caller.credential(), true);
  }

  private boolean restrictedLately(Access access) {
    return access.standing() == Standing.RESTRICTED
        && clock.instant().isBefore(access.checkedAt().plus(settings.accessTtl()));
  }

  private static <T> boolean refusesRepo(Found<T> found) {
    return found instanceof Found.Not<T>(Found.Refusal reason) && reason.concernsRepo();
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(
        Math.max(Duration.ofMillis(50).toNanos(), deadline - System.nanoTime()));
  }

  private void learn(RepoId repo, Standing standing) {
    RepoMemory known = memory.of(repo);
    Instant now = clock.instant();
    Standing before = known.access().standing();
    known.learnAccess(standing, now);
    boolean worthKeeping = standing == Standing.PUBLIC || before == Standing.PUBLIC;
    if (before != standing && worthKeeping) {
      LOG.atInfo().addKeyValue("repo", repo).addKeyValue("standing", standing).log("access learnt");
      catalog.putRepo(new Catalog.RepoRow(repo, visibility(standing), now, repo.name()));
    }
  }

  private static Catalog.Visibility visibility(Standing standing) {
    return switch (standing) {
      case PUBLIC -> Catalog.Visibility.PUBLIC;
      case RESTRICTED -> Catalog.Visibility.RESTRICTED;
      case UNKNOWN, ADOPTED -> Catalog.Visibility.UNKNOWN;
    };
  }

  /**
   * The standing from memory, else as the catalog has it, so that a restart does not forget who was
   * public.
   */
  Access access(RepoId repo) {
    RepoMemory known = memory.of(repo);
    Access access = known.access();
    if (access.standing() == Standing.UNKNOWN) {
      catalog
          .repo(repo)
          .ifPresent(row -> known.learnAccess(standing(row.visibility()), row.checkedAt()));
      access = known.access();
    }
    return access;
  }

  private static Standing standing(Catalog.Visibility visibility) {
    return switch (visibility) {
      case PUBLIC -> Standing.PUBLIC;
      case RESTRICTED -> Standing.RESTRICTED;
      case UNKNOWN -> Standing.UNKNOWN;
    };
  }

  /**
   * Whether what is cached of {@code repo} may be given out although the hub cannot be asked now.
   */
  boolean mayServeUnasked(RepoId repo) {
    return switch (access(repo).standing()) {
      case PUBLIC -> true;
      case RESTRICTED -> settings.ownTree();
      case UNKNOWN, ADOPTED -> settings.trustAdopted();
    };
  }
}
