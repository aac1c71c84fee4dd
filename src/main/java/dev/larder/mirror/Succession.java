package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.mirror.HubMemory.EntryKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a branch in the tree may move on to a new commit: once that holds every file which the old
 * snapshot holds and which the hub still has. Till then whoever reads the tree without the hub has
 * the old snapshot, as whole as it was. Safe for concurrent use.
 */
final class Succession {
  private final HubTree tree;
  private final HubMemory memory;
  private final Cache<Step, Waiting> waiting = Caffeine.newBuilder().maximumSize(1_000).build();

  private record Step(RepoId repo, Revision revision, Commit to) {}

  /** Files of {@code from}; the one at {@code next} was not there at the time of {@code news}. */
  private record Waiting(Commit from, List<EntryPath> files, int next, long news) {}

  Succession(HubTree tree, HubMemory memory) {
    this.tree = tree;
    this.memory = memory;
  }

  /** From memory: the branch had to wait, and nothing came since. */
  boolean waits(RepoId repo, Revision revision, Commit commit) {
    Waiting known = waiting.getIfPresent(new Step(repo, revision, commit));
    return known != null && known.news() == memory.of(repo).news();
  }

  /** Looks into the tree, from where it stopped the last time. */
  boolean due(RepoId repo, Revision revision, Commit commit) {
    long news = memory.of(repo).news();
    Commit from = tree.ref(repo, revision).orElse(commit);
    if (from.equals(commit)) {
      return true;
    }
    Step step = new Step(repo, revision, commit);
    Waiting known = waiting.getIfPresent(step);
    List<EntryPath> files =
        known != null && known.from().equals(from) ? known.files() : held(repo, from);
    int next = known != null && known.from().equals(from) ? known.next() : 0;
    while (next < files.size() && replaced(new EntryKey(repo, commit, files.get(next)))) {
      next++;
    }
    if (next == files.size()) {
      waiting.invalidate(step);
      return true;
    }
    waiting.put(step, new Waiting(from, files, next, news));
    return false;
  }

  private List<EntryPath> held(RepoId repo, Commit commit) {
    return tree.inspect(repo).stream()
        .flatMap(found -> found.snapshots().stream())
        .filter(snapshot -> snapshot.commit().equals(commit))
        .flatMap(snapshot -> snapshot.files().stream())
        .map(FoundFile::path)
        .filter(EntryPath::isOrdinary) // Python may have put others there; Larder never will.
        .toList();
  }

  /** Here at the new commit, or known not to be a part of it. */
  private boolean replaced(EntryKey key) {
    return tree.find(key.repo(), key.commit(), key.path()).isPresent() || gone(key);
  }

  private boolean gone(EntryKey key) {
    @Nullable KnownEntry known = memory.entry(key);
    if (known instanceof KnownEntry.Absent
        || tree.knownAbsent(key.repo(), key.commit(), key.path())) {
      return true;
    }
    Optional<List<HubTree.ListedFile>> listing = tree.listing(key.repo(), key.commit());
    return listing.isPresent()
        && listing.get().stream().noneMatch(file -> file.path().equals(key.path()));
  }
}
