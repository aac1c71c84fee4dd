package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.Shown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes files out of one repo's folder, in the order of the law: refs of a snapshot that has
 * nothing else, links, what is left of the snapshot, names in {@code blobs}. Each is durable before
 * the next goes, so a cut anywhere leaves no ref to an empty snapshot and no link without its blob.
 */
final class Withdrawal {
  private final Ground ground;
  private final LinkReader links;
  private final BlobLinks blobs;
  private final HubLayout layout;
  private final Clearance clearance;
  private final RepoId repo;

  Withdrawal(Ground ground, LinkReader links, BlobLinks blobs, RepoId repo) {
    this.ground = ground;
    this.links = links;
    this.blobs = blobs;
    this.layout = new HubLayout(ground.root);
    this.clearance = new Clearance(ground);
    this.repo = repo;
  }

  /** Whether a snapshot went, with what named it. */
  boolean run(List<Shown> shown) throws IOException {
    Map<Commit, Set<Path>> leaving = leaving(shown);
    Set<Commit> emptied = emptied(leaving);
    RepoClearing clearing = new RepoClearing(ground, links, repo);
    if (!emptied.isEmpty()) {
      clearing.refs(emptied);
    }
    for (Map.Entry<Commit, Set<Path>> each : leaving.entrySet()) {
      for (Path link : each.getValue()) {
        clearance.file(link);
        clearance.emptyAbove(link, layout.snapshot(repo, each.getKey()));
      }
    }
    clearance.sync(); // Before any blob: a power cut leaves no link without one.
    Map<Identity, Digest> freed = new HashMap<>();
    shown.forEach(file -> freed.put(file.identity(), file.digest()));
    for (FoundSnapshot snapshot : snapshots()) {
      // Python may have put something there since.
      if (emptied.contains(snapshot.commit()) && snapshot.files().isEmpty()) {
        removeSnapshot(snapshot.commit());
      }
      snapshot.files().stream().map(FoundFile::identity).forEach(id -> id.ifPresent(freed::remove));
    }
    for (Map.Entry<Identity, Digest> blob : freed.entrySet()) {
      Path name = layout.blob(repo, blob.getKey());
      if (clearance.isReached(name)) {
        blobs.remove(name, blob.getValue());
      }
    }
    if (!emptied.isEmpty()) {
      clearing.removeIfEmpty();
    }
    return !emptied.isEmpty();
  }

  /** The links that are as they were made, by commit; of a commit maybe none. */
  private Map<Commit, Set<Path>> leaving(List<Shown> shown) throws IOException {
    Map<Commit, Set<Path>> leaving = new LinkedHashMap<>();
    for (Shown file : shown) {
      Set<Path> ours = leaving.computeIfAbsent(file.commit(), _ -> new LinkedHashSet<>());
      Path name = layout.entry(repo, file.commit(), file.path());
      if (isOurs(name, file)) {
        ours.add(name);
      }
    }
    return leaving;
  }

  private boolean isOurs(Path name, Shown file) throws IOException {
    return clearance.isReached(name)
        && ground.disk.stat(name).map(FileStat::kind).filter(Kind.SYMLINK::equals).isPresent()
        && links.named(name).filter(file.identity()::equals).isPresent();
  }

  /** Commits whose snapshot has no file but those that leave. */
  private Set<Commit> emptied(Map<Commit, Set<Path>> leaving) throws IOException {
    Set<Commit> emptied = new HashSet<>();
    LinkReader look = links.ofOneLook();
    for (Map.Entry<Commit, Set<Path>> each : leaving.entrySet()) {
      Path snapshot = layout.snapshot(repo, each.getKey());
      if (clearance.isReached(snapshot)
          && ground.disk.isDirectory(snapshot)
          && hasNoOther(snapshot, each.getValue(), look)) {
        emptied.add(each.getKey());
      }
    }
    return emptied;
  }

  /** The first other file that is found is enough: a large snapshot is hardly read. */
  private boolean hasNoOther(Path directory, Set<Path> leaving, LinkReader look)
      throws IOException {
    for (Path found : ground.disk.list(directory)) {
      Path path = directory.resolve(found.getFileName());
      boolean other =
          ground.disk.isDirectory(path)
              ? !hasNoOther(path, leaving, look)
              : !leaving.contains(path) && look.follow(path) instanceof Followed.File;
      if (other) {
        return false;
      }
    }
    return true;
  }

  private List<FoundSnapshot> snapshots() throws IOException {
    return new RepoScan(ground, links, repo)
        .run()
        .map(looked -> looked.repo().snapshots())
        .orElse(List.of());
  }

  private void removeSnapshot(Commit commit) throws IOException {
    clearance.file(layout.listing(repo, commit));
    clearance.everything(layout.absences(repo, commit));
    boolean _ = clearance.empty(layout.snapshot(repo, commit));
    clearance.sync();
  }
}
