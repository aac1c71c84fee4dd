package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Retry;
import dev.larder.content.Revision;
import dev.larder.upstream.UpstreamException.UpstreamBusy;
import java.time.Duration;

/**
 * What the mirror could not answer. Failures of upstream, transfer and store pass through as what
 * they are.
 */
public abstract sealed class MirrorException extends LarderException {
  private static final long serialVersionUID = 1L;
  private static final Duration HASHING = Duration.ofSeconds(5);
  private static final Duration ASKING = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(2);

  private MirrorException(String code, Retry retry, String message) {
    super(code, retry, message, null);
  }

  /** What another program put into the cache directory is verified, and that takes its time. */
  public static final class StillHashing extends MirrorException {
    public StillHashing(String message) {
      super("still-hashing", Retry.after(HASHING), message);
    }
  }

  /** Not cached, and upstream must not be asked. */
  public static final class OfflineMiss extends MirrorException {
    public OfflineMiss(String message) {
      super("offline-miss", Retry.never(), message);
    }
  }

  /**
   * Whether the caller may read a repo is not known now, because the hub cannot be asked. Says the
   * same of every such repo, whether or not it is cached or exists.
   */
  public static final class RightsUnknown extends MirrorException {
    public RightsUnknown(RepoId repo, LarderException away) {
      super(
          "rights-unknown",
          away.retry() instanceof Retry.After soon ? soon : Retry.after(ASKING),
          "Whether the caller may read %s cannot be asked now: %s".formatted(repo, why(away)));
    }

    private RightsUnknown(LarderException away, String message) {
      super("rights-unknown", away.retry(), message);
    }

    /** Of a repo that is used in this process for callers of whom nothing is known. */
    static RightsUnknown ofReaders(RepoId repo, LarderException away) {
      return new RightsUnknown(
          away,
          "Who may read %1$s is not known, and the hub cannot be asked now, so it is used only under a name that its operator registered, as by 'larder models register NAME %1$s'. %2$s"
              .formatted(repo, away.explanation()));
    }
  }

  private static String why(LarderException away) {
    boolean limited = away instanceof UpstreamBusy busy && busy.status() == 429;
    return limited
        ? "it is limited by the hub, %d s left. Trying again after that helps."
            .formatted(Math.max(1, ((UpstreamBusy) away).left().toSeconds()))
        : "the hub %s. Check its address and the network, or try again in a moment."
            .formatted(away instanceof UpstreamBusy ? "is busy" : "does not answer");
  }

  /** A blob does not hold its bytes any more, and some of it is out already. */
  public static final class Rewritten extends MirrorException {
    public Rewritten(Digest digest) {
      super(
          "blob-rewritten",
          Retry.now(),
          "The blob %s was written to by somebody else while it was given; it is fetched again for the next request."
              .formatted(digest));
    }
  }

  /** As many answers of the hub as may be are being passed on. */
  public static final class TooManyPassing extends MirrorException {
    public TooManyPassing(int most) {
      super(
          "too-many-passing",
          Retry.after(SOON),
          "%d answers of the hub that are not cached are being passed on, which is as many as may be at once. Trying again in a moment may help."
              .formatted(most));
    }
  }

  /** One caller asks so much that others would have to wait for it. */
  public static final class TooManyQuestions extends MirrorException {
    public TooManyQuestions(String message) {
      super("too-many-questions", Retry.after(SOON), message);
    }
  }

  /** The hub says that there is no such repo, revision or file. */
  public static final class NotThere extends MirrorException {
    public NotThere(String message) {
      super("not-found", Retry.never(), message);
    }
  }

  /** A commit of a repo that had the name before; the one that has it now has no such commit. */
  public static final class RepoIdentityChanged extends MirrorException {
    public RepoIdentityChanged(RepoId repo, Commit commit) {
      super(
          "repo-identity-changed",
          Retry.never(),
          "The name %s belongs to another repo at the hub than before, and commit %s is of the former one: it was renamed or deleted, and its name taken. Look where the repo that you want is now, and ask for it by that name; use what has the old name now only if you trust who owns it."
              .formatted(repo, commit));
    }
  }

  /** A tag means another commit than it did, and tags are to stay. */
  public static final class TagMoved extends MirrorException {
    public TagMoved(RepoId repo, Revision tag, Commit was, Commit now) {
      super(
          "tag-moved",
          Retry.never(),
          "%1$s of %2$s meant commit %3$s, and the hub says now that it means %4$s. Tags that move are refused here (LARDER_IMMUTABLE_TAGS). Ask for either commit by its hash; if %1$s is a branch, list the refs of the repo once and try again."
              .formatted(tag, repo, was, now));
    }
  }

  /** The hub says that this caller may not have it. */
  public static final class NotAllowed extends MirrorException {
    public NotAllowed(String message) {
      super("not-allowed", Retry.never(), message);
    }
  }
}
