package dev.larder.mirror;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import dev.larder.mirror.Asking.Asked;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers of the hub's API about repos: what is kept of them while it is true, else the hub's word,
 * and when the hub cannot be asked what was kept last, or follows from it.
 */
final class Documents {
  private final HubUpstream upstream;
  private final Asking asking;
  private final HubMemory memory;
  private final DocumentRights rights;
  private final DocumentKeeping keeping;
  private final Deductions deductions;
  private final Doubts doubts = new Doubts();
  private final Holders holders;
  private final NewHolders newHolders;
  private final RepolessDocuments repoless;
  private final MirrorSettings settings;
  private final Questions<SharedKey, Asked<Document>> running;

  private record SharedKey(DocumentRequest request, String scope) {}

  Documents(
      HubUpstream upstream,
      Asking asking,
      Misses misses,
      Entitlements entitlements,
      HubMemory memory,
      Publishing publishing,
      KeptDocuments rows,
      Deductions deductions,
      Holders holders,
      NewHolders newHolders,
      Branches branches,
      MirrorSettings settings,
      InstantSource clock) {
    this.upstream = upstream;
    this.asking = asking;
    this.memory = memory;
    this.rights = new DocumentRights(asking, entitlements, settings, clock);
    this.keeping =
        new DocumentKeeping(rows, memory, asking, publishing, branches, settings.refTtl(), clock);
    this.deductions = deductions;
    this.holders = holders;
    this.newHolders = newHolders;
    this.repoless = new RepolessDocuments(upstream, misses, settings, clock);
    this.settings = settings;
    this.running = new Questions<>(misses, Bucket.API, Asked::refused);
  }

  /** What is kept of {@code repo} was told to others than may be told now. */
  void forget(RepoId repo) {
    keeping.forget(repo);
  }

  /** See {@link DocumentRights#refusedLately}. */
  Optional<DocumentAnswer> refusedLately(RepoId repo, DocumentRequest request, Caller caller) {
    return rights.refusedLately(repo, request, caller);
  }

  DocumentAnswer answer(DocumentRequest request, Caller caller) {
    return answer(request, caller, () -> {});
  }

  /** {@code beforeWaiting}: run when the hub cannot be asked at once for this caller. */
  DocumentAnswer answer(DocumentRequest request, Caller caller, Runnable beforeWaiting) {
    Optional<RepoId> repo = DocumentKeys.repo(request);
    return repo.isEmpty()
        ? repoless.answer(request, caller)
        : rights
            .refusedLately(repo.get(), request, caller)
            .orElseGet(() -> answer(repo.get(), request, caller, beforeWaiting));
  }

  private DocumentAnswer answer(
      RepoId repo, DocumentRequest request, Caller caller, Runnable beforeWaiting) {
    boolean offline = settings.offline() || caller.offline();
    boolean now = !offline && !former(repo, request) && rights.mayGiveNow(repo, request, caller);
    boolean unasked = mayGiveUnasked(repo, request, caller);
    // Nobody waits for memory, and learns by it, what is kept of a repo that is not for it.
    Reserve reserve = now || unasked ? caller.reserve() : Reserve.UNLIMITED;
    Optional<DocumentRow> row = keeping.find(repo, request, reserve);
    Optional<DocumentAnswer> known = now ? known(repo, request, caller, row) : Optional.empty();
    if (known.isPresent()) {
      return known.get();
    }
    // Who may not be told anything must not even cost the time that looking takes.
    Optional<Document> kept =
        unasked
            ? row.map(DocumentKeeping::document)
                .or(() -> deductions.instead(request))
                .or(() -> allowance(repo, request))
            : Optional.empty();
    boolean silent = kept.isPresent() && (asking.seemsAway() || upstream.rests(Bucket.API));
    Optional<DocumentAnswer> instead =
        offline || silent
            ? remembered(repo, request, caller, kept, offline ? CacheState.HIT : CacheState.STALE)
            : Optional.empty();
    if (offline && instead.isEmpty()) {
      throw new MirrorException.OfflineMiss(
          "What the hub says of %s is not cached, and Larder is offline."
              .formatted(
                  request.commit().map(at -> repo + " at commit " + at).orElse(repo.toString())));
    }
    return instead.orElseGet(() -> ask(repo, request, caller, kept, beforeWaiting));
  }

  /** Of a repo that had the name before; what is here of it answers nothing. */
  private boolean former(RepoId repo, DocumentRequest request) {
    return request.commit().filter(commit -> holders.isFormer(repo, commit)).isPresent();
  }

  private boolean mayGiveUnasked(RepoId repo, DocumentRequest request, Caller caller) {
    return rights.mayGiveUnasked(repo, request, caller) && !former(repo, request);
  }

  /**
   * What stands in for a yes that was not asked for, where the repo's files may be given out. Of a
   * repo that nobody saw it is not known whether there is one.
   */
  private Optional<Document> allowance(RepoId repo, DocumentRequest request) {
    return request instanceof DocumentRequest.AuthCheck
            && asking.access(repo).standing() != HubMemory.Standing.UNKNOWN
        ? Optional.of(new Document(new byte[0], "text/plain", Optional.empty(), Map.of()))
        : Optional.empty();
  }

  /** What needs no question now. */
  private Optional<DocumentAnswer> known(
      RepoId repo, DocumentRequest request, Caller caller, Optional<DocumentRow> row) {
    if (row.isPresent()) {
      return row.filter(it -> keeping.usable(repo, request, it))
          .map(it -> new DocumentAnswer.Here(DocumentKeeping.document(it), CacheState.HIT));
    }
    Optional<Document> made = deductions.answer(request);
    made.ifPresent(it -> caller.reserve().take(it.body().length));
    return deduced(request, made, CacheState.HIT);
  }

  private Optional<DocumentAnswer> deduced(
      DocumentRequest request, Optional<Document> document, CacheState state) {
    return document
        .<DocumentAnswer>map(it -> new DocumentAnswer.Here(it, state))
        .or(() -> deductions.absence(request).map(no -> new DocumentAnswer.Refused(no, state)));
  }

  private DocumentAnswer ask(
      RepoId repo,
      DocumentRequest request,
      Caller caller,
      Optional<Document> kept,
      Runnable beforeWaiting) {
    boolean cached = kept.isPresent() && mayGiveUnasked(repo, request, caller);
    Deadline by =
        Deadline.after(cached ? MirrorSettings.REVALIDATION : MirrorSettings.FIRST_ANSWER)
            .atMost(settings.patience());
    try {
      return told(repo, request, caller, by, beforeWaiting);
    } catch (UpstreamException | MirrorException.TooManyQuestions e) {
      Optional<DocumentAnswer> stale = remembered(repo, request, caller, kept, CacheState.STALE);
      stale.ifPresent(_ -> doubts.staleInstead(e));
      return stale.orElseThrow(
          () -> e instanceof UpstreamException away ? unknown(repo, caller, away) : e);
    }
  }

  private DocumentAnswer told(
      RepoId repo, DocumentRequest request, Caller caller, Deadline by, Runnable beforeWaiting) {
    AtomicBoolean mine = new AtomicBoolean();
    Asked<Document> asked =
        running.ask(
            new SharedKey(request, caller.scope()),
            caller,
            by.remaining().dividedBy(2),
            beforeWaiting,
            () -> {
              mine.set(true);
              return asked(repo, request, caller, by);
            });
    holders.judge(repo, request.commit(), asked.found());
    return switch (asked.found()) {
      case Found.Here<Document>(Document document) -> {
        boolean first = newHolders.heard(repo, request, document);
        keeping.judge(repo, request, document);
        if (!mine.get()) { // It may be gone, and its reserve with it, while this one is sent.
          caller.reserve().take(document.body().length);
        }
        if (mayKeep(repo, request, caller, asked)) {
          long tenure = first ? memory.tenures().of(repo) : asked.tenure();
          boolean _ =
              memory
                  .tenures()
                  .during(repo, tenure, () -> keeping.keepIfPossible(repo, request, document));
        }
        yield new DocumentAnswer.Here(document, CacheState.MISS);
      }
      case Found.Not<Document>(Found.Refusal reason) ->
          new DocumentAnswer.Refused(reason, CacheState.MISS);
    };
  }

  private Asked<Document> asked(RepoId repo, DocumentRequest request, Caller caller, Deadline by) {
    return asking.ask(
        repo,
        DocumentRights.about(request),
        caller,
        by.remaining(),
        (credential, left) -> upstream.document(request, credential, left, caller.reserve()));
  }

  /** Of a restricted repo only for who is known to read its files: they alone are given it. */
  private boolean mayKeep(
      RepoId repo, DocumentRequest request, Caller caller, Asked<Document> asked) {
    return !(request instanceof DocumentRequest.AuthCheck)
        && (!asked.restricted()
            || asked.scope().equals(Entitlements.SITE)
            || asking.pass(repo, caller) != null);
  }

  /** What is here of the very question, of a repo that may be told about without asking. */
  Optional<DocumentAnswer> unasked(DocumentRequest request, Caller caller, CacheState state) {
    return DocumentKeys.repo(request)
        .filter(repo -> mayGiveUnasked(repo, request, caller))
        .flatMap(
            repo ->
                remembered(
                    repo,
                    request,
                    caller,
                    keeping
                        .find(repo, request, caller.reserve())
                        .map(DocumentKeeping::document)
                        .or(() -> deductions.instead(request)),
                    state));
  }

  /** What is thrown when the hub cannot be asked. */
  RuntimeException unknown(RepoId repo, Caller caller, UpstreamException away) {
    return asking.rightsUnknown(repo, caller, away);
  }

  private Optional<DocumentAnswer> remembered(
      RepoId repo,
      DocumentRequest request,
      Caller caller,
      Optional<Document> kept,
      CacheState state) {
    return mayGiveUnasked(repo, request, caller) ? deduced(request, kept, state) : Optional.empty();
  }
}
