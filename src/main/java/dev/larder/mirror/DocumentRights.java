package dev.larder.mirror;

import dev.larder.content.RepoId;
import dev.larder.mirror.Asking.About;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Who may be told what the hub said of a repo. The text of a file is as open as the file; that
 * there is a repo, and what it holds, may be known of one whose files are not for everybody.
 */
record DocumentRights(
    Asking asking, Entitlements entitlements, MirrorSettings settings, InstantSource clock) {
  static About about(DocumentRequest request) {
    return request instanceof DocumentRequest.Raw ? About.FILE : About.REPO;
  }

  /** Whether it is given to whoever may have the repo's files, and to nobody else. */
  private static boolean forReaders(DocumentRequest request) {
    return about(request) == About.FILE || request instanceof DocumentRequest.AuthCheck;
  }

  /** The text of a file is refused as the file is, and so is the question for it. */
  Optional<DocumentAnswer> refusedLately(RepoId repo, DocumentRequest request, Caller caller) {
    boolean open = asking.access(repo).publicAt(clock.instant(), settings.accessTtl());
    Found.Refusal no = forReaders(request) && !open ? entitlements.refusal(repo, caller) : null;
    return Optional.ofNullable(no).map(it -> new DocumentAnswer.Refused(it, CacheState.HIT));
  }

  /** While the hub cannot be asked. */
  boolean mayGiveUnasked(RepoId repo, DocumentRequest request, Caller caller) {
    return forReaders(request)
        ? asking.mayServeUnasked(repo, caller)
        : asking.mayTellUnasked(repo, caller);
  }

  /** Without a question to a hub that could be asked. */
  boolean mayGiveNow(RepoId repo, DocumentRequest request, Caller caller) {
    Instant now = clock.instant();
    HubMemory.Access access = asking.access(repo);
    boolean open =
        about(request) == About.FILE
            ? access.publicAt(now, settings.accessTtl())
            : access.toldAt(now, settings.accessTtl());
    return open || asking.pass(repo, caller) != null;
  }
}
