package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents of a branch, of the very commit that its files are answered from: what is asked about a
 * branch is answered, kept and asked at the hub by its commit. Safe for concurrent use.
 */
final class BranchDocuments {
  private final Documents documents;
  private final Branches branches;
  private final Recollection recollection;
  private final MirrorSettings settings;

  BranchDocuments(
      Documents documents, Branches branches, Recollection recollection, MirrorSettings settings) {
    this.documents = documents;
    this.branches = branches;
    this.recollection = recollection;
    this.settings = settings;
  }

  DocumentAnswer answer(DocumentRequest request, Caller caller) {
    Revision branch = DocumentKeys.branch(request);
    RepoId repo = DocumentKeys.repo(request).orElse(null);
    if (branch == null || repo == null) {
      return agreeing(request, documents.answer(request, caller), caller);
    }
    Optional<DocumentAnswer> refused = documents.refusedLately(repo, request, caller);
    if (refused.isPresent()) {
      return refused.get(); // The branch need not be asked about for that.
    }
    if (settings.offline() || caller.offline()) {
      DocumentAnswer known = unasked(repo, branch, request, caller, CacheState.HIT);
      return known != null ? known : documents.answer(meant(repo, branch, request), caller);
    }
    Commit commit = branches.freshOrDescribed(repo, branch);
    if (commit != null) {
      return pinned(repo, branch, request, commit, caller);
    }
    return request instanceof DocumentRequest.Info
        ? ask(repo, branch, request, caller)
        : askForCommit(repo, branch, request, caller);
  }

  /** Nobody can be asked: what is not kept of the commit is not kept. */
  private DocumentRequest meant(RepoId repo, Revision branch, DocumentRequest request) {
    return recollection
        .commit(repo, branch)
        .map(commit -> DocumentKeys.at(request, commit))
        .orElse(request);
  }

  /** What the refs document says of branches is what everything else says of them. */
  private DocumentAnswer agreeing(DocumentRequest request, DocumentAnswer answer, Caller caller) {
    if (!(request instanceof DocumentRequest.Refs refs)
        || !(answer instanceof DocumentAnswer.Here(var document, CacheState state))) {
      return answer;
    }
    boolean unasked = state == CacheState.STALE || settings.offline() || caller.offline();
    if (!unasked) {
      return new DocumentAnswer.Here(branches.agreeing(refs, document), state);
    }
    Map<Revision, Commit> known = recollection.refs(refs.repo());
    return new DocumentAnswer.Here(
        RefsDocument.agreeing(document, (revision, commit) -> known.getOrDefault(revision, commit)),
        state);
  }

  private DocumentAnswer pinned(
      RepoId repo, Revision branch, DocumentRequest request, Commit commit, Caller caller) {
    DocumentAnswer answer = documents.answer(DocumentKeys.at(request, commit), caller);
    if (answer instanceof DocumentAnswer.Refused(var reason, _)
        && reason.code().equals(Found.Refusal.NO_REVISION)) {
      branches.forget(repo, branch); // Its history was written anew.
      return documents.answer(request, caller);
    }
    return answer;
  }

  /** A description says what its branch means. */
  private DocumentAnswer ask(RepoId repo, Revision branch, DocumentRequest request, Caller caller) {
    Deadline by = Deadline.after(MirrorSettings.FIRST_ANSWER);
    if (unasked(repo, branch, request, caller, CacheState.STALE) != null) {
      by = by.atMost(MirrorSettings.REVALIDATION);
    }
    try (Branches.Turn turn = branches.turn(repo, branch, false, by.atMost(settings.patience()))) {
      Optional<Commit> meant = turn.revision().commit();
      return meant.isPresent()
          ? pinned(repo, branch, request, meant.get(), caller)
          : told(turn, request, caller);
    } catch (UpstreamException | MirrorException.TooManyQuestions e) {
      DocumentAnswer stale = unasked(repo, branch, request, caller, CacheState.STALE);
      if (stale == null) {
        throw e instanceof UpstreamException away ? documents.unknown(repo, caller, away) : e;
      }
      return stale;
    }
  }

  private DocumentAnswer told(Branches.Turn turn, DocumentRequest request, Caller caller) {
    try {
      DocumentAnswer answer = documents.answer(request, caller, turn::letOthers);
      if (answer instanceof DocumentAnswer.Here(_, CacheState state) && state == CacheState.STALE) {
        throw new UpstreamException.UpstreamUnreachable(
            "The hub could not be asked a moment ago.", false, null); // As the branch is now.
      }
      return answer;
    } catch (UpstreamException e) {
      turn.failed(e);
      throw e;
    }
  }

  /** Other documents do not say of which commit they are, so the branch is asked about first. */
  private DocumentAnswer askForCommit(
      RepoId repo, Revision branch, DocumentRequest request, Caller caller) {
    Commit commit;
    try {
      commit = commit(ask(repo, branch, DocumentKeys.info(repo, branch), caller));
    } catch (LarderException e) {
      DocumentAnswer stale =
          e instanceof UpstreamException || e instanceof MirrorException.TooManyQuestions
              ? unasked(repo, branch, request, caller, CacheState.STALE)
              : null;
      if (stale == null) {
        throw e;
      }
      return stale;
    }
    return commit == null
        ? documents.answer(request, caller)
        : pinned(repo, branch, request, commit, caller);
  }

  private static @Nullable Commit commit(DocumentAnswer info) {
    return info instanceof DocumentAnswer.Here(var document, _)
        ? InfoSha.of(document.body()).orElse(null)
        : null;
  }

  /** Of the commit that the branch means, whatever was kept under the branch's own name. */
  private @Nullable DocumentAnswer unasked(
      RepoId repo, Revision branch, DocumentRequest request, Caller caller, CacheState state) {
    return documents.unasked(meant(repo, branch, request), caller, state).orElse(null);
  }
}
