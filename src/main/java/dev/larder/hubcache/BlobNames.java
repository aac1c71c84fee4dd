package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.Looked;
import dev.larder.hubcache.HubTree.Shown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who leads to the file of one blob of the store. */
final class BlobNames {
  private final Ground ground;
  private final LinkReader links;
  private final HubLayout layout;
  private final Path blob;

  BlobNames(Ground ground, LinkReader links, Path blob) {
    this.ground = ground;
    this.links = links;
    this.layout = new HubLayout(ground.root);
    this.blob = blob;
  }

  /** An entry of a commit. */
  private record Entry(Commit commit, EntryPath path) {}

  /**
   * See {@link HubTree#others}. The file's own count of its names finds those in repos that nobody
   * thinks of; where it has only the store's, no directory is read.
   */
  Optional<Path> others(Map<RepoId, List<Shown>> shown) throws IOException {
    Optional<FileStat> file = ground.disk.stat(blob);
    if (file.isEmpty() || file.get().links() == 1) {
      return Optional.empty();
    }
    int ours = 1;
    for (Map.Entry<RepoId, List<Shown>> repo : shown.entrySet()) {
      Optional<Path> other = other(repo.getKey(), repo.getValue(), file.get());
      if (other.isPresent()) {
        return other;
      }
      ours += names(repo.getKey(), repo.getValue(), file.get());
    }
    return file.get().links() > ours ? Optional.of(blob) : Optional.empty();
  }

  private Optional<Path> other(RepoId repo, List<Shown> shown, FileStat file) throws IOException {
    Set<Entry> ours =
        shown.stream().map(s -> new Entry(s.commit(), s.path())).collect(Collectors.toSet());
    Optional<FoundRepo> found = new RepoScan(ground, links, repo).run().map(Looked::repo);
    for (FoundSnapshot snapshot : found.map(FoundRepo::snapshots).orElse(List.of())) {
      for (FoundFile each : snapshot.files()) {
        if (each.fingerprint().inode() == file.inode()
            && !ours.contains(new Entry(snapshot.commit(), each.path()))) {
          return Optional.of(layout.entry(repo, snapshot.commit(), each.path()));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether the name that {@code shown} has in the repo's blobs is the blob's. */
  boolean has(RepoId repo, Shown shown) throws IOException {
    Optional<FileStat> file = ground.disk.stat(blob);
    return file.isPresent() && names(repo, List.of(shown), file.get()) == 1;
  }

  private int names(RepoId repo, List<Shown> shown, FileStat file) throws IOException {
    Set<Identity> identities = shown.stream().map(Shown::identity).collect(Collectors.toSet());
    Set<Path> names = new HashSet<>();
    for (Identity identity : identities) {
      Path name = layout.blob(repo, identity);
      if (ground.obstacle(HubLayout.parent(name)).isEmpty()
          && ground.disk.stat(name).filter(stat -> stat.id().equals(file.id())).isPresent()) {
        names.add(name);
      }
    }
    return names.size();
  }
}
