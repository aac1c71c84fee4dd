package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import dev.larder.content.Revision;
import dev.larder.mirror.Asking.About;
import dev.larder.mirror.Asking.Question;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.LfsObjectId;
import dev.larder.upstream.huggingface.Passed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Puts answers that may take long under a {@link Licence}. What is cached of a public repo goes out
 * as it is; what still arrives may be of a repo that is closed meanwhile. Safe for concurrent use.
 */
record Licensing(
    HubUpstream upstream,
    Asking asking,
    Entitlements entitlements,
    MirrorSettings settings,
    InstantSource clock) {
  Answer over(EntryRequest request, Answer answer) {
    return switch (answer) {
      case Answer.Ready ready -> overReady(request, ready);
      case Answer.Arriving(var head, var state, var reader, var served) ->
          new Answer.Arriving(
              head, state, new LicensedReader(reader, licence(request, head)), served);
      case Answer.Passing(var head, var body, var served) ->
          new Answer.Passing(head, new LicensedBody(body, licence(request, head)), served);
      case Answer.Described _, Answer.OutOfRange _, Answer.Refused _ -> answer;
    };
  }

  private Answer overReady(EntryRequest request, Answer.Ready ready) {
    if (settings.ownTree()
        || asking.access(request.repo()).standing() != Standing.RESTRICTED
        || ready.lease().sizeBytes() <= LicensedReader.PIECE_BYTES) {
      return ready;
    }
    Optional<ByteRange> range = request.judged(ready.head()).range().in(ready.lease().sizeBytes());
    return range.isEmpty() || range.get().length() <= LicensedReader.PIECE_BYTES
        ? ready
        : new Answer.Arriving(
            ready.head(),
            ready.state(),
            new LicensedReader(
                new LeasedReader(ready.lease(), range.get()), licence(request, ready.head())),
            ready.served());
  }

  private Licence licence(EntryRequest request, EntryHead head) {
    Revision commit = new Revision(head.commit().hex());
    return licence(
        request.repo(),
        request.caller(),
        About.FILE,
        (credential, left) ->
            upstream.head(request.repo(), commit, request.path(), credential, left),
        Instant.MIN);
  }

  /** A large file that is known by its digest, opened just now. */
  Passed over(RepoId repo, LfsObjectId object, Caller caller, Passed passed) {
    Licence licence =
        licence(
            repo,
            caller,
            About.LARGE_FILES,
            (credential, left) ->
                upstream.lfs(repo, List.of(object), credential, left, Reserve.UNLIMITED),
            Licence.quietUntil(clock.instant(), settings));
    return new LicensedPassed(passed, licence);
  }

  private <T> Licence licence(
      RepoId repo, Caller caller, About about, Question<T> question, Instant quietUntil) {
    return new Licence(
        asking,
        entitlements,
        settings,
        clock,
        repo,
        caller,
        () -> asking.ask(repo, about, caller, MirrorSettings.REVALIDATION, question).found(),
        quietUntil);
  }
}
