package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.mirror.EntryBytes.Rights;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.huggingface.Found;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers without asking the hub, while all that is known is young enough to be trusted. Safe for
 * concurrent use.
 */
final class Fresh {
  private final HubMemory memory;
  private final Branches branches;
  private final Recollection recollection;
  private final Asking asking;
  private final Entitlements entitlements;
  private final EntryBytes bytes;
  private final MirrorSettings settings;
  private final InstantSource clock;

  Fresh(
      HubMemory memory,
      Branches branches,
      Recollection recollection,
      Asking asking,
      Entitlements entitlements,
      EntryBytes bytes,
      MirrorSettings settings,
      InstantSource clock) {
    this.memory = memory;
    this.branches = branches;
    this.recollection = recollection;
    this.asking = asking;
    this.entitlements = entitlements;
    this.bytes = bytes;
    this.settings = settings;
    this.clock = clock;
  }

  /** From memory alone, for an event loop; null when that does not do. */
  @Nullable Answer peek(EntryRequest request) {
    RepoMemory repo = memory.find(request.repo());
    if (repo == null) {
      return refusal(request);
    }
    if (!isPublic(repo.access())
        && asking.pass(request.repo(), repo.access(), request.caller()) == null) {
      return refusal(request);
    }
    Commit commit = branches.inMemory(repo, request.revision());
    if (commit == null || repo.isFormer(commit)) {
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
    long tenure = memory.tenures().of(request.repo());
    Rights everybodys =
        new Rights(Asking.EVERYBODY, settings.site(), true, Optional.empty(), tenure);
    boolean open = isPublic(asking.access(request.repo()));
    Rights rights = open ? everybodys : restricted(request, tenure);
    if (rights == null) {
      return refusal(request);
    }
    Commit commit = branches.fresh(request.repo(), request.revision());
    if (commit == null) {
      return null;
    }
    EntryKey key = new EntryKey(request.repo(), commit, request.path());
    KnownEntry known = recollection.recall(key);
    return switch (known) {
      case null -> null;
      case KnownEntry.Absent absent -> absence(request, absent);
      case KnownEntry.Present(EntryHead head, _) ->
          bytes.serve(request, head, open ? rights.from(memory.location(key)) : rights, firstByte);
    };
  }

  private boolean isPublic(HubMemory.Access access) {
    return access.publicAt(clock.instant(), settings.accessTtl());
  }

  private @Nullable Rights restricted(EntryRequest request, long tenure) {
    Entitlements.Pass pass = asking.pass(request.repo(), request.caller());
    return pass == null
        ? null
        : new Rights(pass.scope(), pass.credential(), pass.inTree(), Optional.empty(), tenure);
  }

  /** The hub's no, once more; null when it is to be asked again. */
  private @Nullable Answer refusal(EntryRequest request) {
    Found.Refusal no = entitlements.refusal(request.repo(), request.caller());
    return no == null ? null : new Answer.Refused(no, CacheState.HIT);
  }

  private @Nullable Answer absence(EntryRequest request, KnownEntry.Absent absent) {
    boolean trusted =
        request.revision().commit().isPresent()
            || clock.instant().isBefore(absent.at().plus(settings.negativeTtl()));
    return trusted ? new Answer.Refused(absent.refusal(), CacheState.HIT) : null;
  }
}
