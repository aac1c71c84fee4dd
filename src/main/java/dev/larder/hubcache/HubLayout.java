package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where everything lies in a cache directory. Every part of a name comes from a type of {@code
 * content}, so no path leaves the directory.
 */
record HubLayout(Path root) {
  static final String BLOBS = "blobs";
  static final String SNAPSHOTS = "snapshots";
  static final String REFS = "refs";
  static final String NO_EXIST = ".no_exist";
  static final String TREES = "trees";

  /** The directory of a path below the root, which has one. */
  static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "a path below the root");
  }

  static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }

  Path folder(RepoId repo) {
    return root.resolve(repo.folder());
  }

  Path blobs(RepoId repo) {
    return folder(repo).resolve(BLOBS);
  }

  Path blob(RepoId repo, Identity identity) {
    return blobs(repo).resolve(identity.hex());
  }

  Path snapshots(RepoId repo) {
    return folder(repo).resolve(SNAPSHOTS);
  }

  Path snapshot(RepoId repo, Commit commit) {
    return snapshots(repo).resolve(commit.hex());
  }

  Path entry(RepoId repo, Commit commit, EntryPath path) {
    return snapshot(repo, commit).resolve(path.value());
  }

  Path ref(RepoId repo, Revision revision) {
    return folder(repo).resolve(REFS).resolve(revision.name());
  }

  Path noExist(RepoId repo, Commit commit, EntryPath path) {
    return absences(repo, commit).resolve(path.value());
  }

  Path absences(RepoId repo, Commit commit) {
    return folder(repo).resolve(NO_EXIST).resolve(commit.hex());
  }

  Path listing(RepoId repo, Commit commit) {
    return folder(repo).resolve(TREES).resolve(commit.hex() + ".json");
  }

  /**
   * The text of a snapshot's link: up through the entry's own directories, the commit and {@code
   * snapshots}. Relative, so that a cache can be moved.
   */
  static Path linkText(EntryPath path, Identity identity) {
    return Path.of("../".repeat(path.depth() + 2) + BLOBS, identity.hex());
  }
}
