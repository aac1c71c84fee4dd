package dev.larder.mirror;

import dev.larder.content.Identity;
import dev.larder.mirror.Asking.Asked;
import dev.larder.mirror.EntryBytes.Rights;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.RemoteEntry;

/**
 * Turns what the hub just said of a file into an answer, and keeps what is true of it for those who
 * ask later. Safe for concurrent use.
 */
final class FromHub {
  private final HubMemory memory;
  private final Publishing publishing;
  private final Entitlements entitlements;
  private final Asking asking;
  private final EntryBytes bytes;
  private final Contradictions contradictions;
  private final Traffic traffic;

  FromHub(
      HubMemory memory,
      Publishing publishing,
      Entitlements entitlements,
      Asking asking,
      EntryBytes bytes,
      Contradictions contradictions,
      Traffic traffic) {
    this.memory = memory;
    this.publishing = publishing;
    this.entitlements = entitlements;
    this.asking = asking;
    this.bytes = bytes;
    this.contradictions = contradictions;
    this.traffic = traffic;
  }

  Answer answer(EntryRequest request, Asked<RemoteEntry> asked, Deadline firstByte) {
    return switch (asked.found()) {
      case Found.Here<RemoteEntry>(RemoteEntry entry) -> found(request, asked, entry, firstByte);
      case Found.Not<RemoteEntry>(Found.Refusal reason) -> refused(request, asked, reason);
    };
  }

  private Answer found(
      EntryRequest request, Asked<RemoteEntry> asked, RemoteEntry entry, Deadline firstByte) {
    EntryHead head =
        new EntryHead(
            entry.commit(),
            request.path(),
            entry.identity(),
            entry.identity().map(Identity::hex).orElse(entry.validator()),
            entry.sizeBytes(),
            entry.lfs());
    EntryHead before = kept(request) ? contradictions.contradicted(request, head) : null;
    if (before != null) {
      return contradictions.asItWas(request, before, firstByte);
    }
    boolean inTree = !asked.restricted() || entitlements.inTree(request.repo());
    Rights rights =
        new Rights(asked.scope(), asked.credential(), inTree, entry.location(), asked.tenure());
    if (asked.restricted()) {
      asking.rememberRestricted(request.repo());
    }
    if (!kept(request)) {
      return bytes.pass(request, head, rights, firstByte);
    }
    boolean _ =
        memory
            .tenures()
            .during(
                request.repo(),
                asked.tenure(),
                () -> learn(request, head, entry, !asked.restricted()));
    Answer answer = bytes.serve(request, head, rights, firstByte);
    return answer == null ? bytes.pass(request, head, rights, firstByte) : answer;
  }

  /** A file whose name is none on some systems has no place here. */
  private static boolean kept(EntryRequest request) {
    return request.path().isOrdinary();
  }

  /**
   * Remembers what the file is, which is true for everybody who may know it; where its bytes lie
   * only when anybody may.
   */
  private void learn(EntryRequest request, EntryHead head, RemoteEntry entry, boolean open) {
    EntryKey key = new EntryKey(request.repo(), head.commit(), request.path());
    if (head.identity().isPresent() && head.sizeBytes() >= 0 && memory.entry(key) == null) {
      memory.learn(key, new KnownEntry.Present(head, null));
    }
    if (open && request.headOnly()) {
      entry.location().ifPresent(location -> memory.learnLocation(key, location));
    }
  }

  private Answer refused(EntryRequest request, Asked<RemoteEntry> asked, Found.Refusal reason) {
    if (kept(request)
        && !asked.restricted()
        && reason.code().equals(Found.Refusal.NO_ENTRY)
        && reason.commit().isPresent()) {
      publishing.absent(new EntryKey(request.repo(), reason.commit().get(), request.path()), true);
      publishing.refs().moveOn(request.repo(), request.revision(), reason.commit().get());
    }
    traffic.refused();
    return new Answer.Refused(reason, CacheState.MISS);
  }
}
