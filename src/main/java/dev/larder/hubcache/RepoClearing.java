package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.TreeClearing.Cleared;
import dev.larder.hubcache.TreeClearing.Name;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Removes from one repo's folder. For one removal. */
final class RepoClearing {
  private final Ground ground;
  private final LinkReader links;
  private final RepoId repo;
  private final HubLayout layout;
  private final Path folder;
  private final Clearance clearance;
  private final List<String> kept = new ArrayList<>();

  RepoClearing(Ground ground, LinkReader links, RepoId repo) {
    this.ground = ground;
    this.links = links;
    this.repo = repo;
    this.layout = new HubLayout(ground.root);
    this.folder = layout.folder(repo);
    this.clearance = new Clearance(ground);
  }

  /** See {@link TreeClearing#removeSnapshot}. */
  Cleared snapshot(Commit commit, Set<String> known) throws IOException {
    refs(Set.of(commit));
    Set<String> blobs = new LinkedHashSet<>(known);
    blobs.addAll(ledTo(layout.snapshot(repo, commit)));
    clearance.everything(layout.snapshot(repo, commit));
    clearance.everything(layout.absences(repo, commit));
    clearance.file(layout.listing(repo, commit));
    clearance.sync();
    blobs.removeAll(needed());
    remove(blobs);
    removeIfEmpty();
    return cleared();
  }

  /** The refs that name one of these commits. */
  void refs(Set<Commit> commits) throws IOException {
    for (FoundRef ref : new RepoScan(ground, links, repo).readRefs()) {
      if (commits.contains(ref.commit())) {
        Path name = layout.ref(repo, ref.revision());
        clearance.file(name);
        clearance.emptyAbove(name, folder.resolve(HubLayout.REFS));
      }
    }
    clearance.sync(); // A ref that stayed would name a snapshot that went.
  }

  /** See {@link TreeClearing#removeRepo}. */
  Cleared everything() throws IOException {
    clearance.everything(folder.resolve(HubLayout.REFS));
    clearance.sync();
    // Without its directory of snapshots Python takes a folder for damaged: it goes last.
    contents(folder.resolve(HubLayout.SNAPSHOTS));
    clearance.everything(folder.resolve(HubLayout.TREES));
    clearance.everything(folder.resolve(HubLayout.NO_EXIST));
    clearance.sync();
    remove(namesIn(folder.resolve(HubLayout.BLOBS)));
    for (Path other : list(folder)) {
      String name = String.valueOf(other.getFileName());
      if (!name.equals(HubLayout.SNAPSHOTS) && !name.equals(HubLayout.BLOBS)) {
        clearance.everything(other);
      }
    }
    removeIfEmpty();
    return cleared();
  }

  /** See {@link TreeClearing#removeLoose}. */
  Cleared loose(String name) throws IOException {
    if (name.contains("/") || needed().contains(name)) {
      kept.add("%s of %s stays: a snapshot leads to it.".formatted(name, repo));
    } else {
      remove(Set.of(name));
    }
    return cleared();
  }

  private Cleared cleared() {
    return new Cleared(clearance.freed(), List.copyOf(kept));
  }

  private void remove(Set<String> blobs) throws IOException {
    DownloadLock locks = new DownloadLock(ground);
    Set<String> removed = new LinkedHashSet<>();
    for (String blob : blobs) {
      Path name = folder.resolve(HubLayout.BLOBS).resolve(blob);
      Optional<String> why = locks.guarded(repo, blob, () -> clearance.file(name));
      if (why.isEmpty()) {
        removed.add(blob);
      } else {
        kept.add("%s of %s stays: %s.".formatted(blob, repo, why.get()));
      }
    }
    clearance.sync();
    unlinkLate(removed);
  }

  /** A neighbour may have linked a blob between the look and its removal. */
  private void unlinkLate(Set<String> removed) throws IOException {
    if (removed.isEmpty()) {
      return;
    }
    Path snapshots = folder.resolve(HubLayout.SNAPSHOTS);
    for (Name link : new FolderWalk(ground, links, snapshots).run()) {
      boolean dangles =
          link.blob(repo).filter(removed::contains).isPresent()
              && links.follow(snapshots.resolve(link.path())) instanceof Followed.Wrong;
      if (dangles) {
        clearance.file(snapshots.resolve(link.path()));
      }
    }
    clearance.sync();
  }

  private Set<String> needed() throws IOException {
    return ledTo(folder.resolve(HubLayout.SNAPSHOTS));
  }

  private Set<String> ledTo(Path directory) throws IOException {
    Set<String> blobs = new LinkedHashSet<>();
    for (Name name : new FolderWalk(ground, links, directory).run()) {
      name.blob(repo).ifPresent(blobs::add);
    }
    return blobs;
  }

  private Set<String> namesIn(Path directory) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    for (Path path : list(directory)) {
      names.add(String.valueOf(path.getFileName()));
    }
    return names;
  }

  private void contents(Path directory) throws IOException {
    for (Path path : list(directory)) {
      clearance.everything(path);
    }
  }

  /** Nothing of what is behind a link. */
  private List<Path> list(Path directory) throws IOException {
    return ground.obstacle(directory).isPresent()
        ? List.of()
        : ground.disk.list(directory).stream()
            .map(path -> directory.resolve(path.getFileName()))
            .toList();
  }

  /** The folder of a repo that has no snapshot any more. */
  void removeIfEmpty() throws IOException {
    Path snapshots = folder.resolve(HubLayout.SNAPSHOTS);
    if (!list(snapshots).isEmpty()) {
      return;
    }
    for (String part :
        List.of(HubLayout.REFS, HubLayout.TREES, HubLayout.NO_EXIST, HubLayout.BLOBS)) {
      removeDirectory(folder.resolve(part));
    }
    clearance.sync();
    if (list(folder).stream().allMatch(snapshots::equals)) {
      removeDirectory(snapshots);
      removeDirectory(folder);
    }
    clearance.sync();
  }

  private void removeDirectory(Path directory) throws IOException {
    if (ground.obstacle(directory).isEmpty()) {
      boolean _ = clearance.empty(directory);
    }
  }
}
