package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.upstream.Deadline;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of entries without asking the hub: from memory, else from what was written down.
 * Says nothing about who may be told.
 */
final class Recollection {
  private final HubMemory memory;
  private final LocalFiles files;
  private final HeldCommits held;
  private final Unasked unasked;

  Recollection(HubMemory memory, LocalFiles files, HeldCommits held, Unasked unasked) {
    this.memory = memory;
    this.files = files;
    this.held = held;
    this.unasked = unasked;
  }

  /** From memory, else from what was written down about the commit. */
  @Nullable KnownEntry recall(EntryKey key) {
    KnownEntry known = memory.entry(key);
    if (known != null) {
      return known;
    }
    long tenure = memory.tenures().of(key.repo());
    Optional<EntryHead> described = files.describe(key);
    described.ifPresent(head -> learn(key, new KnownEntry.Present(head, null), tenure));
    return described.<KnownEntry>map(head -> new KnownEntry.Present(head, null)).orElse(null);
  }

  private void learn(EntryKey key, KnownEntry entry, long tenure) {
    boolean _ = memory.tenures().during(key.repo(), tenure, () -> memory.learn(key, entry));
  }

  /** Also from the listing of the commit, where no question for the file itself was answered. */
  private Optional<EntryHead> present(EntryKey key) {
    return switch (recall(key)) {
      case KnownEntry.Present(EntryHead head, _) -> Optional.of(head);
      case KnownEntry.Absent _ -> Optional.empty();
      case null ->
          held.listed(key)
              .map(
                  file ->
                      LocalFiles.head(
                          key, file.identity(), file.sizeBytes(), file.lfsSha256().isPresent()));
    };
  }

  /** An entry whose bytes are here, at the commit that the revision means. */
  record Remembered(EntryHead head, Digest digest) {}

  /** Throws {@link MirrorException.StillHashing} when that is not known {@code by} then. */
  Optional<Remembered> entry(EntryRequest request, Deadline by) {
    return key(request).flatMap(key -> located(key, present(key), by));
  }

  /** Whether there is one, without a look for what only a listing tells. */
  boolean cached(EntryRequest request, Deadline by) {
    EntryKey key = key(request).orElse(null);
    return key != null
        && recall(key) instanceof KnownEntry.Present(EntryHead head, _)
        && located(key, Optional.of(head), by).isPresent();
  }

  private Optional<Remembered> located(EntryKey key, Optional<EntryHead> present, Deadline by) {
    return present
        .filter(head -> head.identity().isPresent())
        .flatMap(
            head ->
                files
                    .locate(key, head.identity().get(), by)
                    .map(digest -> new Remembered(head, digest)));
  }

  private Optional<EntryKey> key(EntryRequest request) {
    return commit(request.repo(), request.revision())
        .map(commit -> new EntryKey(request.repo(), commit, request.path()));
  }

  /** What the revision means while the hub is not asked. */
  Optional<Commit> commit(RepoId repo, Revision revision) {
    return unasked.commit(repo, revision);
  }

  /** Branches and tags that something is known of, and the commit that each means. */
  Map<Revision, Commit> refs(RepoId repo) {
    Map<Revision, Commit> refs = new TreeMap<>(Comparator.comparing(Revision::name));
    Set<Revision> known = new HashSet<>(files.refs(repo));
    known.addAll(memory.of(repo).refs());
    known.add(Revision.MAIN);
    for (Revision revision : known) {
      commit(repo, revision).ifPresent(commit -> refs.put(revision, commit));
    }
    return refs;
  }

  /** As the commit has it, whether or not its bytes are here. */
  Optional<EntryHead> described(EntryRequest request) {
    return key(request).flatMap(this::present);
  }

  /** That the commit has no such file, as the hub said once; null when it did not. */
  @Nullable Answer absence(EntryRequest request, CacheState state) {
    EntryKey key = key(request).orElse(null);
    if (key == null) {
      return null;
    }
    if (memory.entry(key) instanceof KnownEntry.Absent absent) {
      return new Answer.Refused(absent.refusal(), state);
    }
    return files.knownAbsent(key.repo(), key.commit(), key.path())
        ? new Answer.Refused(new KnownEntry.Absent(key.commit(), Instant.EPOCH).refusal(), state)
        : null;
  }

  /** What the branch means and where the file is instead; empty where that does not help. */
  String elsewhere(EntryRequest request) {
    RepoId repo = request.repo();
    Commit meant = commit(repo, request.revision()).orElse(null);
    if (meant == null || request.revision().commit().isPresent()) {
      return "";
    }
    Optional<Commit> other =
        unasked.among(repo, request.revision()).stream()
            .filter(commit -> !commit.equals(meant))
            .filter(commit -> here(new EntryKey(repo, commit, request.path())))
            .findFirst();
    return " While the hub cannot be asked, %s of %s means commit %s%s, of which this file is not cached.%s"
        .formatted(
            request.revision(),
            repo,
            meant,
            held.whole(repo, meant) ? " (whole here)" : "",
            other.map(commit -> words(repo, commit)).orElse(""));
  }

  private boolean here(EntryKey key) {
    return present(key)
        .flatMap(EntryHead::identity)
        .filter(identity -> files.holds(key, identity))
        .isPresent();
  }

  private String words(RepoId repo, Commit commit) {
    return " That of commit %s is here%s: revision=%s works."
        .formatted(commit, held.whole(repo, commit) ? ", as is all of that commit" : "", commit);
  }
}
