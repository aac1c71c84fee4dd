package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.content.RepoId;
import dev.larder.mirror.HubMemory.Access;
import dev.larder.mirror.HubMemory.Recorded;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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

  /** Statuses by which a hub keeps a repo from a caller; others say nothing of its standing. */
  private static final Set<Integer> NO_ACCESS = Set.of(401, 403, 404, 410, 451);

  private final HubMemory memory;
  private final Catalog catalog;
  private final MirrorSettings settings;
  private final InstantSource clock;
  private volatile long awayUntilNanos = System.nanoTime();

  /** Held while a verdict is compared with its row and written, so that the last one stays. */
  private final ReentrantLock rows = new ReentrantLock();

  Asking(HubMemory memory, Catalog catalog, MirrorSettings settings, InstantSource clock) {
    this.memory = memory;
    this.catalog = catalog;
    this.settings = settings;
    this.clock = clock;
  }

  /** What an anonymous answer shows: that the repo's files are public, or only its description. */
  enum About {
    FILE,
    REPO
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

  <T> Asked<T> ask(RepoId repo, About about, Caller caller, Duration budget, Question<T> question) {
    long deadline = System.nanoTime() + budget.toNanos();
    try {
      Asked<T> asked = askInTurn(repo, about, caller, deadline, question);
      awayUntilNanos = System.nanoTime();
      return asked;
    } catch (UpstreamException.UpstreamUnreachable | UpstreamException.UpstreamBusy e) {
      if (!Thread.currentThread().isInterrupted()) { // Else it was not the upstream's doing.
        awayUntilNanos = System.nanoTime() + MirrorSettings.AWAY.toNanos();
      }
      throw e;
    }
  }

  private <T> Asked<T> askInTurn(
      RepoId repo, About about, Caller caller, long deadline, Question<T> question) {
    boolean hasToken = caller.credential() instanceof Credential.Token;
    if (!(hasToken && restrictedLately(access(repo)))) {
      Found<T> anonymous = question.ask(Credential.ANONYMOUS, left(deadline));
      if (learn(repo, about, anonymous)) {
        return new Asked<>(anonymous, settings.site(), false);
      }
      if (!hasToken) {
        return new Asked<>(anonymous, Credential.ANONYMOUS, true);
      }
    }
    return new Asked<>(
        question.ask(caller.credential(), left(deadline)), caller.credential(), true);
  }

  /**
   * Draws from an anonymous answer what it shows of the repo, and no more: only a file that was
   * given makes files public. Answers whether it is an answer for everybody.
   */
  private <T> boolean learn(RepoId repo, About about, Found<T> anonymous) {
    return switch (anonymous) {
      case Found.Here<T> _ -> {
        if (about == About.FILE) {
          learn(repo, Standing.PUBLIC);
        } else {
          learnTold(repo);
        }
        yield true;
      }
      case Found.Not<T>(Found.Refusal reason) -> {
        if (!reason.concernsRepo()) {
          learnTold(repo);
        } else if (NO_ACCESS.contains(reason.status())) {
          learn(repo, Standing.RESTRICTED);
        }
        yield !reason.concernsRepo();
      }
    };
  }

  private boolean restrictedLately(Access access) {
    return access.standing() == Standing.RESTRICTED
        && clock.instant().isBefore(access.checkedAt().plus(settings.accessTtl()));
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(
        Math.max(Duration.ofMillis(50).toNanos(), deadline - System.nanoTime()));
  }

  private void learn(RepoId repo, Standing standing) {
    RepoMemory known = memory.of(repo);
    Instant now = clock.instant();
    known.learnAccess(standing, now);
    rows.lock();
    try {
      if (row(repo).filter(r -> contradicts(r.visibility(), standing)).isPresent()) {
        write(standing, repo, now);
      }
    } finally {
      rows.unlock();
    }
  }

  /** Whether what is written down says the opposite. That nothing is, can wait. */
  private static boolean contradicts(Catalog.Visibility written, Standing standing) {
    return written != visibility(standing)
        && (standing == Standing.RESTRICTED || written == Catalog.Visibility.RESTRICTED);
  }

  /**
   * Writes down that {@code repo} is public, if it is: due when something of it is kept, since
   * without that there is nothing to give out after a restart. A client does not wait for it.
   */
  void writeDown(RepoId repo) {
    rows.lock();
    try {
      Access access = memory.of(repo).access();
      boolean due =
          access.standing() == Standing.PUBLIC
              && row(repo).filter(r -> r.visibility() == Catalog.Visibility.PUBLIC).isEmpty();
      if (due) {
        write(Standing.PUBLIC, repo, access.checkedAt());
      }
    } finally {
      rows.unlock();
    }
  }

  private void write(Standing standing, RepoId repo, Instant at) {
    LOG.atInfo().addKeyValue("repo", repo).addKeyValue("standing", standing).log("access learnt");
    write(new Catalog.RepoRow(repo, visibility(standing), at, repo.name()));
  }

  private void learnTold(RepoId repo) {
    RepoMemory known = memory.of(repo);
    Instant now = clock.instant();
    boolean first = access(repo).standing() == Standing.UNKNOWN && !known.access().told();
    known.learnTold(now);
    if (first) {
      write(new Catalog.RepoRow(repo, Catalog.Visibility.UNKNOWN, now, repo.name()));
    }
  }

  /** From memory once it was read or written: nobody else writes the catalog. */
  private Optional<Catalog.RepoRow> row(RepoId repo) {
    RepoMemory known = memory.of(repo);
    Recorded recorded = known.recorded();
    if (recorded == null) {
      recorded = new Recorded(catalog.repo(repo));
      known.recorded(recorded);
    }
    return recorded.row();
  }

  private void write(Catalog.RepoRow row) {
    catalog.putRepo(row);
    memory.of(row.repo()).recorded(new Recorded(Optional.of(row)));
  }

  /**
   * One caller was given a file of a repo that others may not have: written down, so that after a
   * restart it is not taken for a repo that was found on disk. Refused names are not written down:
   * anybody can make them up.
   */
  void rememberRestricted(RepoId repo) {
    boolean known =
        row(repo).filter(r -> r.visibility() == Catalog.Visibility.RESTRICTED).isPresent();
    if (!known) {
      write(new Catalog.RepoRow(repo, Catalog.Visibility.RESTRICTED, clock.instant(), repo.name()));
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
    if (access.standing() == Standing.UNKNOWN && !access.told()) {
      row(repo).ifPresent(row -> recall(known, row));
      access = known.access();
    }
    return access;
  }

  /** A row without a verdict on files is of a repo that anonymous callers were told about. */
  private static void recall(RepoMemory known, Catalog.RepoRow row) {
    known.learnAccess(standing(row.visibility()), row.checkedAt());
    if (row.visibility() == Catalog.Visibility.UNKNOWN) {
      known.learnTold(row.checkedAt());
    }
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

  /** The same for what was said about {@code repo}. */
  boolean mayTellUnasked(RepoId repo) {
    return access(repo).told() || mayServeUnasked(repo);
  }
}
