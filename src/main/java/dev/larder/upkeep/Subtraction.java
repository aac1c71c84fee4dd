package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.hubcache.TreeClearing.SharedBlob;
import dev.larder.upkeep.Holdings.Blob;
import dev.larder.upkeep.Holdings.Ref;
import dev.larder.upkeep.Holdings.Repo;
import dev.larder.upkeep.Holdings.Snapshot;
import dev.larder.upkeep.Holdings.Stored;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is left of {@link Holdings} after some removals, and what each of them frees: a file counts
 * when its last name goes. Touches nothing.
 */
final class Subtraction {
  private final Map<Long, Integer> names = new HashMap<>();
  private final Map<Digest, Integer> needs = new HashMap<>();
  private final Map<String, Integer> sharedUses = new HashMap<>();
  private final Map<RepoId, Set<Commit>> left = new HashMap<>();
  private final Map<RepoId, Set<String>> blobsLeft = new HashMap<>();
  private final Set<Digest> pinned;
  private final Map<Digest, Stored> stored;
  private final Map<String, SharedBlob> shared = new HashMap<>();

  Subtraction(Holdings holdings) {
    pinned = holdings.pinned();
    stored = holdings.storedByDigest();
    holdings.shared().forEach(blob -> shared.put(blob.name(), blob));
    for (Repo repo : holdings.repos()) {
      for (Snapshot snapshot : repo.snapshots()) {
        commits(repo).add(snapshot.commit());
        snapshot.needs().forEach(digest -> needs.merge(digest, 1, Integer::sum));
      }
      for (Blob blob : repo.blobs()) {
        blobs(repo).add(blob.name());
        blob.shared().ifPresent(name -> sharedUses.merge(name, 1, Integer::sum));
      }
    }
  }

  private Set<Commit> commits(Repo repo) {
    return left.computeIfAbsent(repo.repo(), _ -> new HashSet<>());
  }

  private Set<String> blobs(Repo repo) {
    return blobsLeft.computeIfAbsent(repo.repo(), _ -> new HashSet<>());
  }

  boolean has(Repo repo, Commit commit) {
    return commits(repo).contains(commit);
  }

  boolean isEmpty(Repo repo) {
    return commits(repo).isEmpty();
  }

  boolean isNeeded(Digest digest) {
    return pinned.contains(digest) || needs.getOrDefault(digest, 0) > 0;
  }

  /** One commit with the refs that name it; answers the bytes that come free. */
  long snapshot(Repo repo, Snapshot snapshot) {
    if (!commits(repo).remove(snapshot.commit())) {
      return 0;
    }
    long freed = files(snapshot.own());
    for (Ref ref : repo.refsTo(snapshot.commit())) {
      freed += files(ref.file().stream().toList());
    }
    Set<String> stillNeeded = new HashSet<>();
    repo.snapshots().stream()
        .filter(other -> has(repo, other.commit()))
        .forEach(other -> stillNeeded.addAll(other.blobs()));
    Set<String> own = snapshot.ownBlobs();
    for (Blob blob : repo.blobs()) {
      if (own.contains(blob.name()) && !stillNeeded.contains(blob.name())) {
        freed += blob(repo, blob);
      }
    }
    snapshot.needs().forEach(digest -> needs.merge(digest, -1, Integer::sum));
    return freed + stored(snapshot.known());
  }

  /** All of a repo. */
  long repo(Repo repo) {
    long freed = 0;
    for (Snapshot snapshot : repo.snapshots()) {
      freed += snapshot(repo, snapshot);
    }
    for (Blob blob : repo.blobs()) {
      freed += blob(repo, blob);
    }
    // A ref to a commit of which nothing is here is removed as well.
    freed += files(repo.rest());
    return freed + stored(repo.known());
  }

  /** A name in a repo's blobs. */
  long blob(Repo repo, Blob blob) {
    if (!blobs(repo).remove(blob.name())) {
      return 0;
    }
    long freed = files(List.of(blob.stat()));
    Optional<String> target = blob.shared();
    if (target.isPresent() && sharedUses.merge(target.get(), -1, Integer::sum) == 0) {
      freed += shared(target.get());
    }
    return freed;
  }

  boolean hasBlob(Repo repo, Blob blob) {
    return blobs(repo).contains(blob.name());
  }

  boolean hasShared(SharedBlob blob) {
    return shared.containsKey(blob.name());
  }

  boolean isUsed(SharedBlob blob) {
    return sharedUses.getOrDefault(blob.name(), 0) > 0;
  }

  long shared(String name) {
    SharedBlob blob = shared.remove(name);
    return blob == null
        ? 0
        : files(List.of(blob.stat())) + files(blob.manifest().stream().toList());
  }

  /** Blobs of the store that nobody needs and only the store names. */
  private long stored(Collection<Digest> digests) {
    long freed = 0;
    for (Digest digest : digests) {
      Stored blob = stored.get(digest);
      if (blob != null && !blob.leased() && isLoose(blob)) {
        freed += stored(blob);
      }
    }
    return freed;
  }

  /** Whether nothing leads to it any more. */
  boolean isLoose(Stored blob) {
    return stored.containsKey(blob.digest())
        && !isNeeded(blob.digest())
        && names.getOrDefault(blob.file().inode(), blob.file().links()) == 1;
  }

  Optional<Stored> find(Digest digest) {
    return Optional.ofNullable(stored.get(digest));
  }

  long stored(Stored blob) {
    return stored.remove(blob.digest()) == null ? 0 : files(List.of(blob.file()));
  }

  private long files(Collection<FileStat> files) {
    long freed = 0;
    for (FileStat file : files) {
      if (file.kind() == FileStat.Kind.FILE
          && names.merge(file.inode(), file.links() - 1, (left, _) -> left - 1) == 0) {
        freed += file.sizeBytes();
      }
    }
    return freed;
  }
}
