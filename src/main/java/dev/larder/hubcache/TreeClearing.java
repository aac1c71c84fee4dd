package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes from the tree what its owner names, also what Python wrote. In the order that leaves a
 * sound tree after each step: refs, then links, then blobs; each made durable before the next.
 * Nothing is entered or removed through a link, no file of {@code .locks} goes, and a blob whose
 * lock Python holds stays. May be cut anywhere and repeated. Throws {@link HubTreeException}.
 */
public interface TreeClearing {
  /** Repos that have a folder, by name. */
  List<RepoId> repos();

  /** Every name in the repo's folder; empty when it has none. */
  Optional<Look> look(RepoId repo);

  /** Files of the store that all repos share since huggingface_hub 2.0. */
  List<SharedBlob> sharedBlobs();

  /**
   * The refs that name the commit, its snapshot, and of the blobs that it led to those that nothing
   * needs then. {@code blobs}: others that belong to it, though its links may be gone already.
   */
  Cleared removeSnapshot(RepoId repo, Commit commit, Set<String> blobs);

  /** The repo's folder with all that is in it. */
  Cleared removeRepo(RepoId repo);

  /** One name in the repo's {@code blobs}, when no snapshot leads to it: a blob or a leftover. */
  Cleared removeLoose(RepoId repo, String name);

  /** One file of the shared store, when no repo leads to it. */
  Cleared removeShared(String name);

  /**
   * {@code names}: every file and link in the folder. {@code snapshots}: commits that have a
   * directory, also an empty one. {@code refs}: also those that Python does not read for a line
   * end. {@code doubts}: what may not be read, and refs that no longer tell what they named.
   */
  record Look(
      RepoId repo,
      Path folder,
      List<Name> names,
      List<Commit> snapshots,
      List<FoundRef> refs,
      List<Problem> doubts) {}

  /**
   * A file or a link. {@code path}: below the folder. {@code leadsTo}: where a link points to,
   * below the root; empty for a file, and for a link that leaves the cache.
   */
  record Name(Path path, FileStat stat, Optional<Path> leadsTo) {
    public boolean isFile() {
      return stat.kind() == FileStat.Kind.FILE;
    }

    /** Whether it is a download that did not end, or a link that waits for its name. */
    public boolean isUnfinished() {
      return TempNames.is(String.valueOf(path.getFileName()));
    }

    /** The name in the repo's {@code blobs} that the link of an entry leads to. */
    public Optional<String> blob(RepoId repo) {
      return leadsTo
          .filter(to -> to.getNameCount() == 3)
          .filter(to -> to.startsWith(Path.of(repo.folder(), HubLayout.BLOBS)))
          .map(to -> to.getName(2).toString());
    }

    /** The name in the shared store that the link of a blob leads to. */
    public Optional<String> shared() {
      return leadsTo
          .filter(to -> to.getNameCount() == 3 && to.startsWith(HubLayout.BLOBS))
          .map(to -> to.getName(2).toString());
    }
  }

  /** {@code manifest}: the list of its users beside it. */
  record SharedBlob(String name, FileStat stat, Optional<FileStat> manifest) {}

  /**
   * {@code bytes}: what came back to the disk. {@code kept}: what stays and why, a sentence each.
   */
  record Cleared(long bytes, List<String> kept) {}
}
