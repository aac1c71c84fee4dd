package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.content.RepoId;
import dev.larder.mirror.Asking.About;
import dev.larder.mirror.HubMemory.Access;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.huggingface.Found;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down how repos stand: what anonymous answers of the hub show of them, first in memory,
 * then in the catalog where a restart needs it. Safe for concurrent use.
 */
final class StandingBook {
  private static final Logger LOG = LoggerFactory.getLogger(StandingBook.class);

  private final HubMemory memory;
  private final Entitlements entitlements;
  private final RepoStandings standings;
  private final InstantSource clock;
  private volatile Turns turns = Turns.NONE;

  /** Held while a verdict is compared with its row and written, so that the last one stays. */
  private final ReentrantLock rows = new ReentrantLock();

  StandingBook(
      HubMemory memory, Entitlements entitlements, RepoStandings standings, InstantSource clock) {
    this.memory = memory;
    this.entitlements = entitlements;
    this.standings = standings;
    this.clock = clock;
  }

  /**
   * Hears what the hub says of a repo's standing; what is done about it is done before an answer.
   */
  interface Turns {
    Turns NONE =
        new Turns() {
          @Override
          public void closed(RepoId repo) {}

          @Override
          public void opened(RepoId repo) {}
        };

    /** The hub itself keeps anonymous callers from it; told whenever it is asked. */
    void closed(RepoId repo);

    /** It was restricted and is public now. */
    void opened(RepoId repo);
  }

  void tell(Turns listener) {
    turns = listener;
  }

  /**
   * Draws from an anonymous answer what it shows of the repo, and no more: only a file that was
   * given makes files public. Answers whether it is an answer for everybody.
   */
  <T> boolean learn(RepoId repo, About about, Found<T> anonymous, Instant asked) {
    return switch (anonymous) {
      case Found.Here<T> _ when closedSince(repo, asked) -> true;
      case Found.Here<T> _ -> {
        if (about == About.FILE) {
          if (standings.access(repo).standing() == Standing.RESTRICTED) {
            turns.opened(repo); // Before anybody is answered as everybody is.
          }
          learn(repo, Standing.PUBLIC);
        } else {
          learnTold(repo);
        }
        yield true;
      }
      case Found.Not<T>(Found.Refusal reason) -> {
        if (!reason.concernsRepo()) {
          learnTold(repo);
        } else if (Entitlements.NO_ACCESS.contains(reason.status())) {
          boolean hubs = Entitlements.isOfTheHub(reason);
          if (hubs || standings.access(repo).standing() != Standing.PUBLIC) {
            learn(repo, Standing.RESTRICTED);
          }
          if (hubs) {
            turns.closed(repo);
          }
        }
        yield !reason.concernsRepo();
      }
    };
  }

  /** Whether the repo was refused to a question that came after the one asked {@code asked}. */
  private boolean closedSince(RepoId repo, Instant asked) {
    Access access = standings.access(repo);
    return access.standing() == Standing.RESTRICTED && access.checkedAt().isAfter(asked);
  }

  private void learn(RepoId repo, Standing standing) {
    RepoMemory known = memory.of(repo);
    Instant now = clock.instant();
    boolean closed =
        standing == Standing.RESTRICTED && standings.access(repo).standing() == Standing.PUBLIC;
    known.learnAccess(standing, now);
    if (closed) {
      entitlements.forget(repo);
      LOG.atWarn()
          .addKeyValue("event", "visibility.changed")
          .addKeyValue("repo", repo)
          .log("A public repo is restricted now; who may read it is asked anew");
    }
    rows.lock();
    try {
      if (standings
          .row(repo)
          .filter(r -> RepoStandings.contradicts(r.visibility(), standing))
          .isPresent()) {
        write(standing, repo, now);
      }
    } finally {
      rows.unlock();
    }
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
              && standings
                  .row(repo)
                  .filter(r -> r.visibility() == Catalog.Visibility.PUBLIC)
                  .isEmpty();
      if (due) {
        write(Standing.PUBLIC, repo, access.checkedAt());
      }
    } finally {
      rows.unlock();
    }
  }

  private void write(Standing standing, RepoId repo, Instant at) {
    LOG.atInfo().addKeyValue("repo", repo).addKeyValue("standing", standing).log("access learnt");
    standings.write(new Catalog.RepoRow(repo, RepoStandings.visibility(standing), at, repo.name()));
  }

  private void learnTold(RepoId repo) {
    RepoMemory known = memory.of(repo);
    Instant now = clock.instant();
    if (!isNews(known, repo)) {
      known.learnTold(now);
      return;
    }
    rows.lock();
    try {
      boolean news = isNews(known, repo); // A file may have shown more meanwhile.
      known.learnTold(now);
      if (news) {
        standings.write(new Catalog.RepoRow(repo, Catalog.Visibility.UNKNOWN, now, repo.name()));
      }
    } finally {
      rows.unlock();
    }
  }

  private boolean isNews(RepoMemory known, RepoId repo) {
    return standings.access(repo).standing() == Standing.UNKNOWN && !known.access().told();
  }

  /** Another repo has the name now: what was decided about the former one is asked anew. */
  void changedHands(RepoId repo) {
    entitlements.forget(repo);
    rows.lock();
    try {
      if (standings.access(repo).standing() == Standing.RESTRICTED) {
        return; // Each caller is asked for.
      }
      Instant now = clock.instant();
      memory.of(repo).learnAccess(Standing.UNKNOWN, now);
      memory.of(repo).learnTold(now);
      write(Standing.UNKNOWN, repo, now);
    } finally {
      rows.unlock();
    }
  }

  /**
   * One caller was given a file of a repo that others may not have: written down, so that after a
   * restart it is not taken for a repo that was found on disk. Refused names are not written down:
   * anybody can make them up.
   */
  void rememberRestricted(RepoId repo) {
    boolean known =
        standings
            .row(repo)
            .filter(r -> r.visibility() == Catalog.Visibility.RESTRICTED)
            .isPresent();
    if (!known) {
      standings.write(
          new Catalog.RepoRow(repo, Catalog.Visibility.RESTRICTED, clock.instant(), repo.name()));
    }
  }
}
