package dev.larder.mirror;

import dev.larder.content.Revision;
import dev.larder.mirror.Asking.Asked;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import dev.larder.upstream.huggingface.RemoteEntry;

/**
 * Answers for one file: what is fresh, else what the hub says now, else what is known without it.
 * Safe for concurrent use.
 */
final class EntryAnswers {
  private final HubUpstream upstream;
  private final MirrorSettings settings;
  private final LocalFiles files;
  private final Asking asking;
  private final Branches branches;
  private final Fresh fresh;
  private final EntryQuestions questions;
  private final FromHub fromHub;
  private final WithoutHub withoutHub;
  private final Holders holders;
  private final Doubts doubts = new Doubts();

  EntryAnswers(
      HubUpstream upstream,
      MirrorSettings settings,
      LocalFiles files,
      Asking asking,
      Branches branches,
      Fresh fresh,
      EntryQuestions questions,
      FromHub fromHub,
      WithoutHub withoutHub,
      Holders holders) {
    this.upstream = upstream;
    this.settings = settings;
    this.files = files;
    this.asking = asking;
    this.branches = branches;
    this.fresh = fresh;
    this.questions = questions;
    this.fromHub = fromHub;
    this.withoutHub = withoutHub;
    this.holders = holders;
  }

  /** The first byte is due by {@code firstByte}. */
  Answer open(EntryRequest request, Deadline firstByte) {
    return files.atOneLook(() -> openNow(request, firstByte));
  }

  private Answer openNow(EntryRequest request, Deadline firstByte) {
    boolean offline = settings.offline() || request.caller().offline();
    if (!request.path().isOrdinary() || former(request)) {
      return asTheHubSays(request, offline, firstByte);
    }
    if (offline) {
      return offline(request, firstByte);
    }
    Answer known = fresh.answer(request, firstByte);
    if (known == null && (asking.seemsAway() || upstream.rests(Bucket.RESOLVE))) {
      known = withoutHub.answer(request, CacheState.STALE, firstByte);
    }
    return known == null ? ask(request, firstByte) : known;
  }

  private Answer offline(EntryRequest request, Deadline firstByte) {
    Answer answer = withoutHub.answer(request, CacheState.HIT, firstByte);
    if (answer != null) {
      return answer;
    }
    throw new MirrorException.OfflineMiss(
        "%s of %s at %s is not cached, and Larder is offline; bring it in with upstream access first.%s"
            .formatted(
                request.path(), request.repo(), request.revision(), withoutHub.elsewhere(request)));
  }

  private boolean former(EntryRequest request) {
    return request
        .revision()
        .commit()
        .filter(commit -> holders.isFormer(request.repo(), commit))
        .isPresent();
  }

  /**
   * Nothing that is here counts: of a file that cannot be kept for its name, and of a commit of a
   * repo that had the name before.
   */
  private Answer asTheHubSays(EntryRequest request, boolean offline, Deadline firstByte) {
    if (offline) {
      throw new MirrorException.OfflineMiss(
          (request.path().isOrdinary()
                  ? "Another repo has the name of %2$s since the commit was kept from which %1$s is wanted, and Larder is offline."
                  : "%s of %s has a name that is none on some systems, so it is never cached, and Larder is offline.")
              .formatted(request.path(), request.repo()));
    }
    Asked<RemoteEntry> asked;
    Revision meant;
    Deadline by = firstByte.atMost(MirrorSettings.FIRST_ANSWER);
    try (Branches.Turn turn = branches.turn(request.repo(), request.revision(), false, by)) {
      meant = turn.revision();
      asked = questions.head(request, turn, by);
      questions.learnRef(request, asked);
    } catch (UpstreamException away) {
      throw asking.rightsUnknown(request.repo(), request.caller(), away);
    }
    if (questions.outdated(request, asked, meant)) {
      return asTheHubSays(request, false, firstByte);
    }
    holders.judge(request.repo(), request.revision().commit(), asked.found());
    return fromHub.answer(request, asked, firstByte);
  }

  /**
   * One HEAD tells commit, identity and rights at once. When the hub cannot be asked, what is
   * cached is answered.
   */
  private Answer ask(EntryRequest request, Deadline firstByte) {
    Asked<RemoteEntry> asked;
    Revision meant;
    boolean cached = withoutHub.hasBytes(request, firstByte);
    Deadline by =
        firstByte.atMost(cached ? MirrorSettings.REVALIDATION : MirrorSettings.FIRST_ANSWER);
    try (Branches.Turn turn = branches.turn(request.repo(), request.revision(), cached, by)) {
      // Somebody's answer may have come just before this turn began, too.
      Answer known = fresh.answer(request, firstByte);
      if (known != null) {
        return known;
      }
      meant = turn.revision();
      asked = questions.head(request, turn, by);
      questions.learnRef(request, asked);
    } catch (UpstreamException | MirrorException.TooManyQuestions e) {
      Answer stale = withoutHub.answer(request, CacheState.STALE, firstByte);
      if (stale != null) {
        doubts.staleInstead(e);
        return stale;
      }
      throw e instanceof UpstreamException away ? withoutHub.unknown(request, away) : e;
    }
    if (questions.outdated(request, asked, meant)) {
      return ask(request, firstByte);
    }
    return fromHub.answer(request, asked, firstByte);
  }
}
