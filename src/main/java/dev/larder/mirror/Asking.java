package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.content.RepoId;
import dev.larder.mirror.HubMemory.Access;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Found;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks the hub on a caller's behalf and learns on the way who may read a repo.
 *
 * <p>A repo is asked about anonymously first: if that is answered, it is public and the answer
 * serves everybody. If it is refused, the repo is restricted: a caller to whom it was granted here
 * is answered with the site's own token, any other with its own, and that answer is nobody else's.
 * What the hub says of a file to one caller is noted as its decision for that caller.
 */
final class Asking {
  /** The scope of what anonymous callers may read. */
  static final String EVERYBODY = "public";

  private final HubMemory memory;
  private final Entitlements entitlements;
  private final RepoStandings standings;
  private final StandingBook book;
  private final AskingInTurn inTurn;
  private final MirrorSettings settings;
  private final InstantSource clock;
  private volatile long awayUntilNanos = System.nanoTime();

  Asking(
      HubMemory memory,
      Entitlements entitlements,
      Catalog catalog,
      MirrorSettings settings,
      InstantSource clock) {
    this.memory = memory;
    this.entitlements = entitlements;
    this.standings = new RepoStandings(memory, catalog);
    this.book = new StandingBook(memory, entitlements, standings, clock);
    this.inTurn =
        new AskingInTurn(memory.tenures(), entitlements, standings, book, settings, clock);
    this.settings = settings;
    this.clock = clock;
  }

  void tell(StandingBook.Turns listener) {
    book.tell(listener);
  }

  /** Whether files of the repo may be put into the tree, as it stands now. */
  boolean mayAppear(RepoId repo) {
    return memory.of(repo).access().standing() != Standing.RESTRICTED || entitlements.inTree(repo);
  }

  /** Whether the tree is the caller's own. */
  boolean ownsTree() {
    return settings.ownTree();
  }

  /** What an anonymous answer shows: that the repo's files are public, or only its description. */
  enum About {
    FILE,
    REPO,
    /** As {@link #REPO}, by a way of the hub's that may be broken while the hub is not. */
    LARGE_FILES
  }

  /** One question to the hub, to be asked with a credential within a budget. */
  interface Question<T> {
    Found<T> ask(Credential credential, Duration budget);
  }

  /**
   * What the hub said, with whose rights, and who may share it: flights are keyed by that. {@code
   * tenure}: the one in which it was asked, see {@link Tenures}.
   */
  record Asked<T>(Found<T> found, Credential credential, String scope, long tenure) {
    boolean refused() {
      return found instanceof Found.Not<T>;
    }

    boolean restricted() {
      return !scope.equals(EVERYBODY);
    }
  }

  /**
   * Whether the upstream was away a moment ago, so that what is cached is better answered at once.
   */
  boolean seemsAway() {
    return System.nanoTime() - awayUntilNanos < 0;
  }

  <T> Asked<T> ask(RepoId repo, About about, Caller caller, Duration budget, Question<T> question) {
    long deadline = System.nanoTime() + budget.toNanos();
    try {
      Asked<T> asked = inTurn.ask(repo, about, caller, deadline, question);
      awayUntilNanos = System.nanoTime();
      return asked;
    } catch (UpstreamException e) {
      if (e.originAway() && !Thread.currentThread().isInterrupted()) {
        awayUntilNanos = System.nanoTime() + MirrorSettings.AWAY.toNanos();
      }
      throw e; // Any other failure is of this question, and others have theirs answered.
    }
  }

  /** See {@link StandingBook#writeDown}. */
  void writeDown(RepoId repo) {
    book.writeDown(repo);
  }

  /** See {@link StandingBook#rememberRestricted}. */
  void rememberRestricted(RepoId repo) {
    book.rememberRestricted(repo);
  }

  /** See {@link StandingBook#changedHands}. */
  void changedHands(RepoId repo) {
    book.changedHands(repo);
  }

  /** How the repo stands, also after a restart. */
  Access access(RepoId repo) {
    return standings.access(repo);
  }

  /**
   * Whether what is cached of {@code repo} may be given out although the hub cannot be asked now:
   * what was public when it was last asked, and else what this caller was allowed a moment ago or
   * was granted here.
   */
  boolean mayServeUnasked(RepoId repo, Caller caller) {
    return mayServeUnasked(repo) || entitlements.passUnasked(repo, caller) != null;
  }

  /** In whose name flights are, that such a caller may join. */
  String scopeUnasked(RepoId repo, Caller caller) {
    Entitlements.Pass pass =
        access(repo).standing() == Standing.PUBLIC ? null : entitlements.passUnasked(repo, caller);
    return pass == null ? EVERYBODY : pass.scope();
  }

  /** The same for every caller. */
  boolean mayServeUnasked(RepoId repo) {
    return switch (access(repo).standing()) {
      case PUBLIC -> true;
      case RESTRICTED -> settings.ownTree();
      case UNKNOWN, ADOPTED -> settings.trustAdopted();
    };
  }

  /** The same for what was said about {@code repo}. */
  boolean mayTellUnasked(RepoId repo, Caller caller) {
    return access(repo).told() || mayServeUnasked(repo, caller);
  }

  /**
   * What a caller without a right is told when the hub is away. It is the same of a repo that is
   * here and closed and of one that nobody ever heard of.
   */
  RuntimeException rightsUnknown(RepoId repo, Caller caller, UpstreamException away) {
    boolean silent =
        away instanceof UpstreamException.UpstreamUnreachable
            || away instanceof UpstreamException.UpstreamBusy;
    return silent && !mayServeUnasked(repo, caller)
        ? new MirrorException.RightsUnknown(repo, away)
        : away;
  }

  /** What a restricted repo's caller is known to be allowed or granted; null when nothing is. */
  Entitlements.@Nullable Pass pass(RepoId repo, Caller caller) {
    return pass(repo, access(repo), caller);
  }

  /** The same from memory alone. */
  Entitlements.@Nullable Pass pass(RepoId repo, Access access, Caller caller) {
    return access.restrictedAt(clock.instant(), settings.accessTtl())
        ? entitlements.pass(repo, caller)
        : null;
  }
}
