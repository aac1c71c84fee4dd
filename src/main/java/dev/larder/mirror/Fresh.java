package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Revision;
import dev.larder.mirror.EntryBytes.Rights;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.upstream.Deadline;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers without asking the hub, while all that is known is young enough to be trusted. Safe for
 * concurrent use.
 */
final class Fresh {
  private final HubMemory memory;
  private final LocalFiles files;
  private final Recollection recollection;
  private final Asking asking;
  private final EntryBytes bytes;
  private final MirrorSettings settings;
  private final InstantSource clock;

  Fresh(
      HubMemory memory,
      LocalFiles files,
      Recollection recollection,
      Asking asking,
      EntryBytes bytes,
      MirrorSettings settings,
      InstantSource clock) {
    this.memory = memory;
    this.files = files;
    this.recollection = recollection;
    this.asking = asking;
    this.bytes = bytes;
    this.settings = settings;
    this.clock = clock;
  }

  /** From memory alone, for an event loop; null when that does not do. */
  @Nullable Answer peek(EntryRequest request) {
    RepoMemory repo = memory.find(request.repo());
    if (repo == null || !repo.access().publicAt(clock.instant(), settings.accessTtl())) {
      return null;
    }
    Commit commit = commit(repo, request.revision());
    if (commit == null) {
      return null;
    }
    return switch (memory.entry(new EntryKey(request.repo(), commit, request.path()))) {
      case null -> null;
      case KnownEntry.Absent absent -> absence(request, absent);
      case KnownEntry.Present(EntryHead head, Digest digest) ->
          digest == null ? null : bytes.readyAtOnce(request, head, digest);
    };
  }

  /** Also from what was written down, and by a flight; null when the hub has to be asked. */
  @Nullable Answer answer(EntryRequest request, Deadline firstByte) {
    if (!asking.access(request.repo()).publicAt(clock.instant(), settings.accessTtl())) {
      return null;
    }
    RepoMemory repo = memory.of(request.repo());
    if (request.revision().commit().isEmpty() && repo.ref(request.revision()) == null) {
      files
          .ref(request.repo(), request.revision())
          .ifPresent(ref -> repo.learnRef(request.revision(), ref));
    }
    Commit commit = commit(repo, request.revision());
    if (commit == null) {
      return null;
    }
    EntryKey key = new EntryKey(request.repo(), commit, request.path());
    KnownEntry known = recollection.recall(key);
    return switch (known) {
      case null -> null;
      case KnownEntry.Absent absent -> absence(request, absent);
      case KnownEntry.Present(EntryHead head, _) ->
          bytes.serve(
              request,
              head,
              new Rights(Asking.EVERYBODY, settings.site(), true, memory.location(key)),
              firstByte);
    };
  }

  private @Nullable Answer absence(EntryRequest request, KnownEntry.Absent absent) {
    boolean trusted =
        request.revision().commit().isPresent()
            || clock.instant().isBefore(absent.at().plus(settings.negativeTtl()));
    return trusted ? new Answer.Refused(absent.refusal(), CacheState.HIT) : null;
  }

  private @Nullable Commit commit(RepoMemory repo, Revision revision) {
    Optional<Commit> named = revision.commit();
    if (named.isPresent()) {
      return named.get();
    }
    KnownRef ref = repo.ref(revision);
    return ref != null && ref.freshAt(clock.instant(), settings.refTtl()) ? ref.commit() : null;
  }
}
