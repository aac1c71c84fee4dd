package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.upstream.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of entries without asking the hub: from memory, else from what was written down.
 * Says nothing about who may be told.
 */
final class Recollection {
  private final HubMemory memory;
  private final LocalFiles files;

  Recollection(HubMemory memory, LocalFiles files) {
    this.memory = memory;
    this.files = files;
  }

  /** From memory, else from what was written down about the commit. */
  @Nullable KnownEntry recall(EntryKey key) {
    KnownEntry known = memory.entry(key);
    if (known != null) {
      return known;
    }
    Optional<EntryHead> described = files.describe(key);
    described.ifPresent(head -> memory.learn(key, new KnownEntry.Present(head, null)));
    return described.<KnownEntry>map(head -> new KnownEntry.Present(head, null)).orElse(null);
  }

  /** An entry whose bytes are here, at the commit the revision last meant. */
  record Remembered(EntryHead head, Digest digest) {}

  /** Throws {@link MirrorException.StillHashing} when that is not known {@code by} then. */
  Optional<Remembered> entry(EntryRequest request, Deadline by) {
    for (Commit commit : commits(request)) {
      EntryKey key = new EntryKey(request.repo(), commit, request.path());
      if (recall(key) instanceof KnownEntry.Present(EntryHead head, _)
          && head.identity().isPresent()) {
        Optional<Digest> digest = files.locate(key, head.identity().get(), by);
        if (digest.isPresent()) {
          return Optional.of(new Remembered(head, digest.get()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The newest commit known first, then those that were written down; the tree is looked at when
   * they do not do.
   */
  private Iterable<Commit> commits(EntryRequest request) {
    RepoId repo = request.repo();
    Revision revision = request.revision();
    if (revision.commit().isPresent()) {
      return List.of(revision.commit().get());
    }
    Stream<Supplier<Optional<Commit>>> sources =
        Stream.of(
            () -> Optional.ofNullable(memory.of(repo).ref(revision)).map(KnownRef::commit),
            () -> files.ref(repo, revision).map(KnownRef::commit),
            () -> files.treeRef(repo, revision));
    return sources.map(Supplier::get).flatMap(Optional::stream).distinct()::iterator;
  }

  /** As the newest commit that knows the entry has it, whether or not its bytes are here. */
  Optional<EntryHead> newest(EntryRequest request) {
    for (Commit commit : commits(request)) {
      if (recall(new EntryKey(request.repo(), commit, request.path()))
          instanceof KnownEntry.Present(EntryHead head, _)) {
        return Optional.of(head);
      }
    }
    return Optional.empty();
  }

  /** That the commit has no such file, as the hub said once; null when it did not. */
  @Nullable Answer absence(EntryRequest request, CacheState state) {
    for (Commit commit : commits(request)) {
      if (memory.entry(new EntryKey(request.repo(), commit, request.path()))
          instanceof KnownEntry.Absent absent) {
        return new Answer.Refused(absent.refusal(), state);
      }
      if (files.knownAbsent(request.repo(), commit, request.path())) {
        return new Answer.Refused(new KnownEntry.Absent(commit, Instant.EPOCH).refusal(), state);
      }
    }
    return null;
  }
}
