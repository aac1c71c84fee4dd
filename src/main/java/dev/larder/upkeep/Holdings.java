package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.hubcache.TreeClearing.SharedBlob;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All files of a cache and who needs them, as one look found it. {@code pinned}: blobs of the store
 * that stay, wherever they stand.
 */
record Holdings(
    List<Repo> repos, List<Stored> stored, List<SharedBlob> shared, Set<Digest> pinned) {
  /**
   * One repo. {@code present}: it has a folder, or may be cached without one; else only the catalog
   * remembers it. {@code coming}: commits that a branch of it means by now, though its file may
   * still name an older one. {@code rest}: files of its folder that belong to no snapshot, ref or
   * blob. {@code known}: all blobs of the store that are its own, maybe among others'. {@code
   * doubts}: what could not be read of it.
   */
  record Repo(
      RepoId repo,
      boolean present,
      Instant lastUsed,
      List<Snapshot> snapshots,
      List<Ref> refs,
      Set<Commit> coming,
      List<Blob> blobs,
      List<FileStat> rest,
      Set<Digest> known,
      List<Problem> doubts) {
    List<Ref> refsTo(Commit commit) {
      return refs.stream().filter(ref -> ref.commit().equals(commit)).toList();
    }

    /** Whether a ref of the tree names it, or will. */
    boolean isNamed(Commit commit) {
      return coming.contains(commit)
          || refsTo(commit).stream().anyMatch(ref -> ref.file().isPresent());
    }

    /** Whether nothing of it is here but what the catalog has of a ref, as after an eviction. */
    boolean isOnlyRemembered(Snapshot snapshot) {
      return snapshot.links().isEmpty()
          && snapshot.own().isEmpty()
          && !refsTo(snapshot.commit()).isEmpty();
    }

    /** Why nothing of it goes, a part of a sentence: what may not be read may need all of it. */
    Optional<String> unreadable() {
      return doubts.stream()
          .filter(doubt -> doubt.kind() == Problem.Kind.UNREADABLE)
          .map(doubt -> doubt.text().replaceFirst("\\.$", ""))
          .findFirst();
    }

    /** Why nobody knows what its refs name. */
    Optional<String> unclearRef() {
      return doubts.stream()
          .map(doubt -> doubt.text().replaceFirst("\\.$", ""))
          .map("%s, and may have meant it; mend or delete that ref first"::formatted)
          .findFirst();
    }

    Optional<Snapshot> snapshot(Commit commit) {
      return snapshots.stream().filter(each -> each.commit().equals(commit)).findFirst();
    }
  }

  /**
   * One commit. {@code links}: paths, and the names in the repo's blobs that they lead to; {@code
   * named}: names there that belong to it by what the catalog knows; {@code own}: files of its own;
   * {@code needs}: blobs of the store that it would miss; {@code known}: those and others that
   * belong to it.
   */
  record Snapshot(
      Commit commit,
      Map<String, String> links,
      Set<String> named,
      List<FileStat> own,
      Set<Digest> needs,
      Set<Digest> known) {
    Set<String> blobs() {
      return new HashSet<>(links.values());
    }

    /** Those that go with it, unless another snapshot leads there. */
    Set<String> ownBlobs() {
      Set<String> all = blobs();
      all.addAll(named);
      return all;
    }
  }

  /** A ref; without a file it is only written down in the catalog. */
  record Ref(Revision revision, Commit commit, Optional<FileStat> file) {}

  /** A name in a repo's blobs. {@code shared}: the blob of the shared store that it leads to. */
  record Blob(String name, FileStat stat, boolean unfinished, Optional<String> shared) {}

  /** A blob of the store. */
  record Stored(Digest digest, FileStat file, boolean leased) {
    /** Whether what needs it, a row or a link, may be about to follow it. */
    boolean isYoung(Instant now) {
      return FileStat.time(file.changedNanos()).plus(Survey.GRACE).isAfter(now);
    }
  }

  Optional<Repo> repo(RepoId id) {
    return repos.stream().filter(each -> each.repo().equals(id)).findFirst();
  }

  Map<Digest, Stored> storedByDigest() {
    Map<Digest, Stored> by = new HashMap<>();
    stored.forEach(each -> by.put(each.digest(), each));
    return by;
  }

  /** Bytes on disk, every file once. */
  long bytes() {
    Map<Long, Long> sizes = new HashMap<>();
    for (Repo repo : repos) {
      count(repo.rest(), sizes);
      repo.snapshots().forEach(snapshot -> count(snapshot.own(), sizes));
      repo.refs().forEach(ref -> ref.file().ifPresent(file -> count(List.of(file), sizes)));
      count(repo.blobs().stream().map(Blob::stat).toList(), sizes);
    }
    count(stored.stream().map(Stored::file).toList(), sizes);
    count(shared.stream().map(SharedBlob::stat).toList(), sizes);
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void count(Collection<FileStat> files, Map<Long, Long> sizes) {
    files.stream()
        .filter(file -> file.kind() == FileStat.Kind.FILE)
        .forEach(file -> sizes.put(file.inode(), file.sizeBytes()));
  }
}
