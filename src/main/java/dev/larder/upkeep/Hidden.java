package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files that a server keeps out of the tree, since not everybody may read their repo: the catalog
 * names them, and the store has their bytes.
 */
record Hidden(BlobStore store, HubTree tree, Catalog catalog) {
  /** A file of a snapshot, by its name. */
  record Entry(Commit commit, EntryPath path) {}

  /** One entry, and the file of its blob. */
  record HiddenFile(Commit commit, FoundFile file) {}

  /** Repos that may have some. */
  Set<RepoId> repos() {
    return catalog.repos().stream()
        .filter(Hidden::isRestricted)
        .map(RepoRow::repo)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether the repo may have some. */
  boolean isOf(RepoId repo) {
    return catalog.repo(repo).filter(Hidden::isRestricted).isPresent();
  }

  private static boolean isRestricted(RepoRow row) {
    return row.visibility() == Visibility.RESTRICTED;
  }

  /** Those of a restricted repo that are not {@code inTree}. */
  List<HiddenFile> files(RepoId repo, Set<Entry> inTree) {
    return catalog.entries(repo).stream()
        .filter(row -> !inTree.contains(new Entry(row.commit(), row.path())))
        .flatMap(row -> file(row).stream())
        .toList();
  }

  private Optional<HiddenFile> file(EntryRow row) {
    return row.identity()
        .digest(catalog::blobOf)
        .filter(digest -> store.find(digest) instanceof Lookup.Present)
        .flatMap(digest -> store.stat(digest).map(stat -> file(row, digest, stat)));
  }

  private HiddenFile file(EntryRow row, Digest blob, FileStat stat) {
    return new HiddenFile(
        row.commit(),
        new FoundFile(
            row.path(),
            store.path(blob),
            Optional.of(row.identity()),
            stat.fingerprint(),
            stat.accessedNanos()));
  }

  /** {@code found}, and what of it and of other repos is hidden; by name. */
  List<FoundRepo> among(List<FoundRepo> found) {
    Map<RepoId, FoundRepo> all = new TreeMap<>();
    found.forEach(repo -> all.put(repo.repo(), repo));
    for (RepoId repo : repos()) {
      Optional<FoundRepo> seen = Optional.ofNullable(all.get(repo));
      List<HiddenFile> files = files(repo, seen.map(Hidden::entries).orElse(Set.of()));
      if (!files.isEmpty()) {
        all.put(repo, with(repo, seen, files));
      }
    }
    return List.copyOf(all.values());
  }

  private static Set<Entry> entries(FoundRepo repo) {
    Set<Entry> all = new HashSet<>();
    for (FoundSnapshot snapshot : repo.snapshots()) {
      snapshot.files().forEach(file -> all.add(new Entry(snapshot.commit(), file.path())));
    }
    return all;
  }

  /** What the tree has of a repo, if anything, together with what it has not. */
  FoundRepo with(RepoId repo, Optional<FoundRepo> found, List<HiddenFile> hidden) {
    Map<Commit, List<FoundFile>> files = new TreeMap<>(Comparator.comparing(Commit::hex));
    found.stream()
        .flatMap(there -> there.snapshots().stream())
        .forEach(each -> files.put(each.commit(), new ArrayList<>(each.files())));
    hidden.forEach(
        each -> files.computeIfAbsent(each.commit(), _ -> new ArrayList<>()).add(each.file()));
    List<FoundSnapshot> snapshots = new ArrayList<>();
    files.forEach(
        (commit, each) -> {
          each.sort(Comparator.comparing(FoundFile::path));
          snapshots.add(new FoundSnapshot(commit, List.copyOf(each)));
        });
    return new FoundRepo(
        repo,
        tree.directory().resolve(repo.folder()),
        snapshots,
        refs(repo, found.map(FoundRepo::refs).orElse(List.of()), files.keySet()),
        found.map(FoundRepo::problems).orElse(List.of()));
  }

  /** A server notes what the refs of hidden snapshots mean in the catalog alone. */
  private List<FoundRef> refs(RepoId repo, List<FoundRef> inTree, Set<Commit> here) {
    Map<Object, FoundRef> refs = new HashMap<>();
    Stream.concat(
            inTree.stream(),
            catalog.refs(repo).stream()
                .filter(row -> here.contains(row.commit()))
                .map(row -> new FoundRef(row.revision(), row.commit())))
        .forEach(ref -> refs.putIfAbsent(ref.revision(), ref));
    return refs.values().stream()
        .sorted(Comparator.comparing(ref -> ref.revision().name()))
        .toList();
  }
}
