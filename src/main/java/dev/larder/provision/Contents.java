package dev.larder.provision;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.provision.Archives.LeftOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found in an archive, by repo. Filled while it is read. For one thread. */
final class Contents {
  private final Map<RepoId, Repo> repos = new LinkedHashMap<>();
  private final List<LeftOut> leftOut = new ArrayList<>();

  /** A blob whose bytes proved right. {@code here}: the store had it before. */
  record Blob(Digest digest, long sizeBytes, boolean here) {}

  /** One repo's. */
  record Repo(
      Map<Identity, Blob> blobs,
      Map<Commit, Map<EntryPath, Identity>> links,
      Map<Revision, Commit> refs,
      Map<Commit, List<ListedFile>> listings) {}

  Repo of(RepoId repo) {
    return repos.computeIfAbsent(
        repo,
        _ ->
            new Repo(
                new HashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new HashMap<>()));
  }

  void leftOut(LeftOut what) {
    leftOut.add(what);
  }

  List<LeftOut> leftOut() {
    return leftOut;
  }

  Map<RepoId, Repo> repos() {
    return repos;
  }
}
