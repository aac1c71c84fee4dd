package dev.larder.mirror;

import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.content.Commit;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.Revision;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down why a request was no plain hit. A hit costs nothing here. No sentence has a token, an
 * address, or what another caller asked for.
 */
final class Reasons {
  private final HubMemory memory;
  private final LocalFiles files;
  private final Asking asking;
  private final Decisions decisions;

  Reasons(HubMemory memory, LocalFiles files, Asking asking, Decisions decisions) {
    this.memory = memory;
    this.files = files;
    this.asking = asking;
    this.decisions = decisions;
  }

  /** What was known before the hub was asked. */
  private record Before(@Nullable Commit commit, boolean hadBytes) {}

  Answer noting(EntryRequest request, Supplier<Answer> opening) {
    Before before = before(request);
    try {
      Answer answer = opening.get();
      note(request, answer, before);
      return answer;
    } catch (LarderException e) {
      note(request, DecisionRow.FAILED, FailureWords.of(e), null);
      throw e;
    }
  }

  /** Clients ask what a repo has before they ask for a file: what ends there ends all of it. */
  DocumentAnswer noting(DocumentRequest request, Caller caller, Supplier<DocumentAnswer> opening) {
    try {
      DocumentAnswer answer = opening.get();
      if (answer instanceof DocumentAnswer.Refused(Found.Refusal reason, _)
          && !reason.code().equals(Found.Refusal.NO_ENTRY)) {
        note(request, caller, DecisionRow.REFUSED, FailureWords.of(reason));
      }
      return answer;
    } catch (LarderException e) {
      note(request, caller, DecisionRow.FAILED, FailureWords.of(e));
      throw e;
    }
  }

  private Before before(EntryRequest request) {
    HubMemory.RepoMemory repo = memory.find(request.repo());
    KnownRef ref = repo == null ? null : repo.ref(request.revision());
    Commit commit = ref == null ? request.revision().commit().orElse(null) : ref.commit();
    boolean bytes =
        commit != null
            && memory.entry(new EntryKey(request.repo(), commit, request.path()))
                instanceof KnownEntry.Present(_, var digest)
            && digest != null;
    return new Before(commit, bytes);
  }

  private void note(EntryRequest request, Answer answer, Before before) {
    switch (answer) {
      case Answer.Ready(var head, var state, _, _) -> note(request, head, state, before);
      case Answer.Arriving(var head, var state, _, _) -> note(request, head, state, before);
      case Answer.Described(var head, var state) -> note(request, head, state, before);
      case Answer.Passing(var head, _, _) -> note(request, head, CacheState.BYPASS, before);
      case Answer.Refused(var reason, _) -> note(request, reason);
      case Answer.OutOfRange _ -> {
        // It says nothing about the cache.
      }
    }
  }

  private void note(EntryRequest request, EntryHead head, CacheState state, Before before) {
    switch (state) {
      case HIT -> {
        // Its last use is counted elsewhere.
      }
      case MISS -> note(request, DecisionRow.MISS, why(request, head, before), head);
      case JOINED ->
          note(request, DecisionRow.JOINED, "Another request was fetching it already.", head);
      case STALE -> note(request, DecisionRow.STALE, unconfirmed(), head);
      case BYPASS -> note(request, DecisionRow.BYPASSED, unkept(request, head), head);
    }
  }

  private String why(EntryRequest request, EntryHead head, Before before) {
    Commit known = before.commit() == null ? written(request) : before.commit();
    if (known == null) {
      return "Nothing was known of %s here.".formatted(request.revision());
    }
    if (!known.equals(head.commit())) {
      return "%s moved from %s to %s.".formatted(request.revision(), known, head.commit());
    }
    return before.hadBytes()
        ? "It was here before and its bytes are gone."
        : "The commit is known; this file of it was not here.";
  }

  /** What the branch meant the last time; it is written anew only when the bytes have landed. */
  private @Nullable Commit written(EntryRequest request) {
    Optional<KnownRef> row = files.ref(request.repo(), request.revision());
    return row.map(KnownRef::commit).orElse(null);
  }

  private String unconfirmed() {
    return asking.seemsAway()
        ? "The hub did not answer when it was asked last."
        : "The hub could not be asked in time, or limits this site.";
  }

  private static String unkept(EntryRequest request, EntryHead head) {
    if (!request.path().isOrdinary()) {
      return "Its name is none on some systems, so it is never kept.";
    }
    return head.identity().isEmpty() || head.sizeBytes() < 0
        ? "The hub named no hash or no size to verify it by."
        : "There was no room for it.";
  }

  private void note(EntryRequest request, Found.Refusal reason) {
    note(request, DecisionRow.REFUSED, FailureWords.of(reason), null);
  }

  private void note(DocumentRequest request, Caller caller, String kind, String detail) {
    String revision =
        request
            .commit()
            .map(Commit::hex)
            .or(() -> Optional.ofNullable(DocumentKeys.branch(request)).map(Revision::name))
            .orElse("");
    request
        .about()
        .ifPresent(
            repo ->
                decisions.note(
                    new DecisionRow(
                        Instant.EPOCH,
                        repo.toString(),
                        revision,
                        "",
                        "",
                        "",
                        kind,
                        caller.scope(),
                        detail,
                        1)));
  }

  private void note(EntryRequest request, String kind, String detail, @Nullable EntryHead head) {
    decisions.note(
        new DecisionRow(
            Instant.EPOCH,
            request.repo().toString(),
            request.revision().name(),
            request.path().value(),
            head == null ? "" : head.commit().hex(),
            head == null ? "" : head.identity().map(Identity::hex).orElse(""),
            kind,
            request.caller().scope(),
            detail,
            1));
  }
}
