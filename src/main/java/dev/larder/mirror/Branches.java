package dev.larder.mirror;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.transfer.TransferException;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest.Refs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What branches and tags mean, the same for every request: one commit until its time is over,
 * whatever was asked, and then whatever the first answer says. The end of that time costs one
 * question: who comes meanwhile waits for its answer. Safe for concurrent use.
 */
final class Branches {
  /** Who waited so long asks as well. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final HubMemory memory;
  private final LocalFiles files;
  private final KeptDocuments documents;
  private final ToldCommits told;
  private final RefMoves moves;
  private final Duration ttl;
  private final InstantSource clock;
  private final ConcurrentMap<Key, Question> running = new ConcurrentHashMap<>();

  /** {@code revision}: null for the question whether the repo may be given out. */
  private record Key(RepoId repo, @Nullable Revision revision) {}

  /** One question about a branch that others wait for. */
  private static final class Question {
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile @Nullable UpstreamException failure;
    private volatile boolean abandoned;
  }

  Branches(
      HubMemory memory,
      LocalFiles files,
      KeptDocuments documents,
      ToldCommits told,
      RefMoves moves,
      Duration ttl,
      InstantSource clock) {
    this.memory = memory;
    this.files = files;
    this.documents = documents;
    this.told = told;
    this.moves = moves;
    this.ttl = ttl;
    this.clock = clock;
  }

  /** From memory; null when the hub has to be asked what {@code revision} means. */
  @Nullable Commit inMemory(RepoMemory repo, Revision revision) {
    Optional<Commit> named = revision.commit();
    if (named.isPresent()) {
      return named.get();
    }
    KnownRef ref = repo.ref(revision);
    return ref != null && ref.freshAt(clock.instant(), ttl) ? ref.commit() : null;
  }

  /** The same, also from what was written down. */
  @Nullable Commit fresh(RepoId repo, Revision revision) {
    RepoMemory known = memory.of(repo);
    if (revision.commit().isEmpty() && known.ref(revision) == null) {
      files
          .ref(repo, revision)
          .ifPresent(ref -> known.recallRef(revision, told.newer(repo, revision, ref)));
    }
    return inMemory(known, revision);
  }

  /** The same, also from a description of a repo of which nothing else is written down. */
  @Nullable Commit freshOrDescribed(RepoId repo, Revision revision) {
    Commit known = fresh(repo, revision);
    if (known != null || memory.of(repo).ref(revision) != null) {
      return known;
    }
    told.described(repo, revision).ifPresent(ref -> memory.of(repo).recallRef(revision, ref));
    return inMemory(memory.of(repo), revision);
  }

  /**
   * The hub says to whom it may be told what {@code revision} means. Throws {@link
   * MirrorException.TagMoved} where that is refused.
   */
  void judge(RepoId repo, Revision revision, Commit commit) {
    if (revision.commit().isEmpty() && moves.mayRefuse()) {
      Optional<Commit> was = known(repo, revision);
      if (was.isPresent() && moves.refuses(repo, revision, was.get(), commit)) {
        throw new MirrorException.TagMoved(repo, revision, was.get(), commit);
      }
    }
  }

  /** What it was last said to mean, however long ago. */
  private Optional<Commit> known(RepoId repo, Revision revision) {
    return told.newestFirst(repo, revision).stream().findFirst();
  }

  /**
   * The hub says what {@code revision} means. While that is known already, it changes nothing. As
   * {@link #judge} otherwise.
   */
  void confirm(RepoId repo, Revision revision, Commit commit) {
    judge(repo, revision, commit);
    if (revision.commit().isEmpty()) {
      Instant now = clock.instant();
      confirm(repo, revision, commit, now, now, heardOf(repo, revision));
    }
  }

  /** {@code heardOf}: it may have meant another one, though memory has nothing of it. */
  private void confirm(
      RepoId repo, Revision branch, Commit commit, Instant said, Instant now, boolean heardOf) {
    RepoMemory known = memory.of(repo);
    KnownRef before = known.ref(branch);
    Optional<Commit> was =
        before == null && (heardOf || moves.mayRefuse())
            ? known(repo, branch)
            : Optional.ofNullable(before).map(KnownRef::commit);
    if (was.isPresent() && moves.refuses(repo, branch, was.get(), commit)) {
      return;
    }
    known.confirmRef(branch, commit, said, now, ttl);
    KnownRef after = known.ref(branch);
    boolean counts = after != null && after.commit().equals(commit);
    boolean moved = before == null ? heardOf : !before.commit().equals(commit);
    if (counts) {
      was.ifPresent(other -> moves.moved(repo, branch, other, commit));
    }
    if (counts && moved) {
      told.moved(repo, branch, Optional.ofNullable(before).map(KnownRef::commit), commit, said);
    }
  }

  /** Whether something may be written down of it. */
  private boolean heardOf(RepoId repo, Revision branch) {
    HubMemory.Recorded row = memory.of(repo).recorded();
    return (row != null && row.row().isPresent()) || files.ref(repo, branch).isPresent();
  }

  /** What everybody may be told of a repo's branches now, where the hub's list says otherwise. */
  Document agreeing(Refs request, Document list) {
    RepoMemory repo = memory.of(request.repo());
    Instant now = clock.instant();
    Instant said =
        documents
            .find(request.repo(), DocumentKeys.key(request))
            .map(DocumentRow::fetchedAt)
            .orElse(now);
    return RefsDocument.agreeing(
        list,
        (revision, commit) -> {
          if (now.isBefore(said.plus(ttl)) && repo.hasRoom()) {
            confirm(request.repo(), revision, commit, said, now, false);
          }
          Commit known = inMemory(repo, revision);
          return known == null ? commit : known;
        });
  }

  /** The commit that it meant is there no more. */
  void forget(RepoId repo, Revision revision) {
    memory.of(repo).forgetRef(revision);
  }

  /**
   * What to ask the hub for {@code revision}: the commit while that is known, else the branch
   * itself, and then everybody else waits until {@link Turn#close}. Throws what another one met who
   * asked first, or {@link UpstreamUnreachable} when that one has no answer {@code by} then.
   *
   * <p>{@code cached}: what is asked for is here, so that a known commit is asked about for the
   * right to give it out alone. That one question is enough too.
   */
  Turn turn(RepoId repo, Revision revision, boolean cached, Deadline by) {
    for (boolean waited = false; ; waited = true) {
      Commit commit = fresh(repo, revision);
      Revision asked = commit == null ? revision : new Revision(commit.hex());
      if (commit != null && (waited || !cached)) {
        return new Turn(asked, null, null);
      }
      Key key = new Key(repo, commit == null ? revision : null);
      Question mine = new Question();
      Question first = running.putIfAbsent(key, mine);
      if (first == null) {
        return new Turn(asked, key, mine);
      }
      if (!await(first, repo, revision, by)) {
        return new Turn(asked, null, null); // That one's file may be the only one that hangs.
      }
      if (first.failure != null) {
        throw forOthers(repo);
      }
      if (!first.abandoned && fresh(repo, revision) == null) {
        return new Turn(revision, null, null); // It was an answer for that one alone.
      }
    }
  }

  /** Not in the words of the failure: they name what somebody else asked for. */
  private static UpstreamException forOthers(RepoId repo) {
    return new UpstreamUnreachable(
        "The hub could not be asked about %s a moment ago. Trying again may help.".formatted(repo),
        true,
        null);
  }

  private static boolean await(Question first, RepoId repo, Revision revision, Deadline by) {
    try {
      Deadline patience = by.atMost(LONGEST_WAIT);
      if (first.answered.await(patience.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (by.passed()) {
        throw new UpstreamUnreachable(
            "Waited for the hub to say what %s of %s means now, but it did not in time. Trying again may help."
                .formatted(revision, repo),
            true,
            null);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferException.Interrupted("Waiting for an answer was interrupted.");
    }
  }

  /** Close it when the hub has answered. For one thread. */
  final class Turn implements AutoCloseable {
    private final Revision revision;
    private final @Nullable Key key;
    private final @Nullable Question question;

    private Turn(Revision revision, @Nullable Key key, @Nullable Question question) {
      this.revision = revision;
      this.key = key;
      this.question = question;
    }

    Revision revision() {
      return revision;
    }

    /** The hub could not be asked: those who wait need not try. */
    void failed(UpstreamException failure) {
      if (question == null) {
        return;
      }
      if (Thread.currentThread().isInterrupted() || !failure.originAway()) {
        question.abandoned = true; // It was not the hub's doing, or is this one's alone.
      } else {
        question.failure = failure;
      }
    }

    /** Whoever waits for this asks itself: this one has to wait for something of its own. */
    void letOthers() {
      if (question != null) {
        question.abandoned = true;
        close();
      }
    }

    @Override
    public void close() {
      if (key != null && question != null) {
        running.remove(key, question);
        question.answered.countDown();
      }
    }
  }
}
