package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.upstream.UpstreamException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much of a commit is here. Reads what was written down and hashes nothing, so that a restart
 * finds the same. Safe for concurrent use.
 */
final class HeldCommits {
  /** Files of listings in memory. */
  private static final int MOST_LISTED = 100_000;

  private final LocalFiles files;
  private final KeptDocuments documents;
  private final Catalog catalog;
  private final HubTree tree;
  private final Cache<Of, Map<EntryPath, ListedFile>> listings =
      Caffeine.newBuilder()
          .maximumWeight(MOST_LISTED)
          .weigher((Of _, Map<EntryPath, ListedFile> listed) -> listed.size() + 1)
          .build();

  private record Of(RepoId repo, Commit commit) {}

  HeldCommits(LocalFiles files, KeptDocuments documents, Catalog catalog, HubTree tree) {
    this.files = files;
    this.documents = documents;
    this.catalog = catalog;
    this.tree = tree;
  }

  /**
   * Of commits of one branch, the newest first, the one that serves clients best: the newest whose
   * snapshot is whole here, else the newest that has all that is here of the older ones.
   */
  Optional<Commit> best(RepoId repo, List<Commit> newestFirst) {
    if (newestFirst.size() < 2) {
      return newestFirst.stream().findFirst();
    }
    return newestFirst.stream()
        .filter(commit -> whole(repo, commit))
        .findFirst()
        .or(() -> notBehind(repo, newestFirst));
  }

  /** Whether its listing is known and all of it is here. */
  boolean whole(RepoId repo, Commit commit) {
    Map<EntryPath, ListedFile> listed = listing(repo, commit);
    return listed != null
        && listed.values().stream()
            .filter(file -> file.path().isOrdinary()) // Others are left out for their names.
            .allMatch(file -> holds(repo, commit, file));
  }

  private boolean holds(RepoId repo, Commit commit, ListedFile file) {
    return files.holds(new EntryKey(repo, commit, file.path()), file.identity());
  }

  private Optional<Commit> notBehind(RepoId repo, List<Commit> newestFirst) {
    Map<Commit, Set<EntryPath>> here = new LinkedHashMap<>();
    newestFirst.forEach(commit -> here.put(commit, recorded(repo, commit)));
    inTree(repo, here);
    for (int at = 0; at < newestFirst.size(); at++) {
      Commit commit = newestFirst.get(at);
      Set<EntryPath> mine = here.getOrDefault(commit, Set.of());
      boolean behind =
          newestFirst.stream()
              .skip(at + 1L)
              .flatMap(older -> here.getOrDefault(older, Set.of()).stream())
              .anyMatch(path -> !mine.contains(path) && !replaced(repo, commit, path));
      if (!behind) {
        return Optional.of(commit);
      }
    }
    return Optional.empty();
  }

  private Set<EntryPath> recorded(RepoId repo, Commit commit) {
    Set<EntryPath> paths = new HashSet<>();
    for (EntryRow row : catalog.entries(repo, commit)) {
      if (files.inStore(row.identity()).isPresent()) {
        paths.add(row.path());
      }
    }
    return paths;
  }

  private void inTree(RepoId repo, Map<Commit, Set<EntryPath>> here) {
    tree.inspect(repo).stream()
        .flatMap(found -> found.snapshots().stream())
        .forEach(
            snapshot ->
                here.computeIfPresent(
                    snapshot.commit(), (_, paths) -> union(paths, snapshot.files())));
  }

  private static Set<EntryPath> union(Set<EntryPath> paths, List<FoundFile> files) {
    files.stream()
        .map(FoundFile::path)
        .filter(EntryPath::isOrdinary) // Python may have put others there; Larder never will.
        .forEach(paths::add);
    return paths;
  }

  /** Here under another commit's name as well, or known not to be a part of this one. */
  private boolean replaced(RepoId repo, Commit commit, EntryPath path) {
    Map<EntryPath, ListedFile> listed = listing(repo, commit);
    if (listed == null) {
      return files.knownAbsent(repo, commit, path);
    }
    ListedFile file = listed.get(path);
    return file == null || holds(repo, commit, file);
  }

  /** As the listing of the commit has it; empty when none is known, or it has no such file. */
  Optional<ListedFile> listed(EntryKey key) {
    Map<EntryPath, ListedFile> listed = listing(key.repo(), key.commit());
    return listed == null ? Optional.empty() : Optional.ofNullable(listed.get(key.path()));
  }

  private @Nullable Map<EntryPath, ListedFile> listing(RepoId repo, Commit commit) {
    Of of = new Of(repo, commit);
    Map<EntryPath, ListedFile> known = listings.getIfPresent(of);
    if (known != null) {
      return known;
    }
    Optional<List<ListedFile>> found =
        documents
            .find(repo, DocumentKeys.wholeTree(commit))
            .map(DocumentRow::body)
            .flatMap(HeldCommits::read)
            .or(() -> tree.listing(repo, commit));
    if (found.isEmpty()) {
      return null; // One may come at any time.
    }
    Map<EntryPath, ListedFile> listed = new LinkedHashMap<>();
    found.get().forEach(file -> listed.put(file.path(), file));
    listings.put(of, listed);
    return listed;
  }

  private static Optional<List<ListedFile>> read(byte[] listing) {
    try {
      return Optional.of(Listings.files(listing));
    } catch (UpstreamException | IllegalArgumentException _) {
      return Optional.empty(); // Of no use to anybody; whoever asks for it is told so.
    }
  }
}
