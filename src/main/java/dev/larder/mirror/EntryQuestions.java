package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Asking.Asked;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import dev.larder.upstream.huggingface.RemoteEntry;
import java.util.Optional;

/**
 * Asks the hub what a file is, by one HEAD: callers of one scope who ask the same at one time share
 * the answer. Safe for concurrent use.
 */
final class EntryQuestions {
  private final HubUpstream upstream;
  private final Asking asking;
  private final HubMemory memory;
  private final Branches branches;
  private final Questions<HeadKey, Asked<RemoteEntry>> heads;

  private record HeadKey(RepoId repo, Revision revision, EntryPath path, String scope) {}

  EntryQuestions(
      HubUpstream upstream, Asking asking, Misses misses, HubMemory memory, Branches branches) {
    this.upstream = upstream;
    this.asking = asking;
    this.heads = new Questions<>(misses, Bucket.RESOLVE, Asked::refused);
    this.memory = memory;
    this.branches = branches;
  }

  /** By the commit that the branch means, where that is known. */
  Asked<RemoteEntry> head(EntryRequest request, Branches.Turn turn, Deadline by) {
    Revision revision = turn.revision();
    HeadKey key = new HeadKey(request.repo(), revision, request.path(), request.caller().scope());
    try {
      return heads.ask(
          key,
          request.caller(),
          by.remaining().dividedBy(2),
          turn::letOthers,
          () ->
              asking.ask(
                  request.repo(),
                  Asking.About.FILE,
                  request.caller(),
                  by.remaining(),
                  (credential, left) ->
                      upstream.head(request.repo(), revision, request.path(), credential, left)));
    } catch (UpstreamException e) {
      turn.failed(e);
      throw e;
    }
  }

  /**
   * Whether the branch has to be looked up again: the commit that it meant is gone at the hub, or
   * others were told another one while this was asked.
   */
  boolean outdated(EntryRequest request, Asked<RemoteEntry> asked, Revision meant) {
    if (request.revision().commit().isPresent()) {
      return false;
    }
    return switch (asked.found()) {
      case Found.Here<RemoteEntry>(RemoteEntry entry) -> {
        Commit known = branches.inMemory(memory.of(request.repo()), request.revision());
        yield known != null && !known.equals(entry.commit());
      }
      case Found.Not<RemoteEntry>(Found.Refusal reason) -> {
        boolean gone =
            meant.commit().isPresent() && reason.code().equals(Found.Refusal.NO_REVISION);
        if (gone) {
          branches.forget(request.repo(), request.revision());
        }
        yield gone;
      }
    };
  }

  /** An answer for whoever says what the branch means: nobody is told who has no right to it. */
  void learnRef(EntryRequest request, Asked<RemoteEntry> asked) {
    Optional<Commit> commit =
        switch (asked.found()) {
          case Found.Here<RemoteEntry>(RemoteEntry entry) -> Optional.of(entry.commit());
          case Found.Not<RemoteEntry>(Found.Refusal reason) ->
              reason.code().equals(Found.Refusal.NO_ENTRY) ? reason.commit() : Optional.empty();
        };
    commit.ifPresent(at -> branches.confirm(request.repo(), request.revision(), at));
  }
}
