package dev.larder.provision;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One repo whose bytes are proved, ready to be published. {@code standing}: who may read it, where
 * that is known.
 */
record Bundle(
    RepoId repo, Optional<Catalog.RepoRow> standing, List<Snapshot> snapshots, List<Ref> refs) {
  Bundle {
    snapshots = List.copyOf(snapshots);
    refs = List.copyOf(refs);
  }

  /** {@code listing}: all that the commit holds, empty when nobody said. */
  record Snapshot(Commit commit, List<File> files, Optional<List<ListedFile>> listing) {
    Snapshot {
      files = List.copyOf(files);
    }
  }

  /** {@code inTree}: it gets a link. {@code shown}: which a server may take out again. */
  record File(
      EntryPath path,
      Identity identity,
      Digest digest,
      long sizeBytes,
      boolean inTree,
      boolean shown) {}

  /** {@code confirmedAt}: when the hub last said so; long ago when it never did. */
  record Ref(Revision revision, Commit commit, Instant confirmedAt, boolean inTree) {}

  long files() {
    return snapshots.stream().mapToLong(snapshot -> snapshot.files().size()).sum();
  }

  /** Each blob once, however many snapshots name it. */
  long sizeBytes() {
    Map<Digest, Long> sizes = new HashMap<>();
    for (Snapshot snapshot : snapshots) {
      snapshot.files().forEach(file -> sizes.put(file.digest(), file.sizeBytes()));
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
