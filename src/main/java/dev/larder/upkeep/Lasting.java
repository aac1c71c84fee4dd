package dev.larder.upkeep;

import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.Problem;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells what is wrong from what is being done: neighbours that bring and remove files leave a repo
 * without a link or a directory for a moment, and nothing tells when they are through. What is
 * wrong stays wrong.
 */
record Lasting(HubTree tree) {
  private static final int LOOKS = 4;
  private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

  /** Those of {@code repos} that have problems at every look, with these alone. */
  List<FoundRepo> among(List<FoundRepo> repos) {
    List<FoundRepo> left = damaged(repos);
    for (int look = 1; look < LOOKS && !left.isEmpty(); look++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      left = damaged(left.stream().map(this::again).toList());
    }
    return left;
  }

  private static List<FoundRepo> damaged(List<FoundRepo> repos) {
    return repos.stream().filter(repo -> !repo.problems().isEmpty()).toList();
  }

  private FoundRepo again(FoundRepo repo) {
    List<Problem> now = tree.inspect(repo.repo()).map(FoundRepo::problems).orElse(List.of());
    return new FoundRepo(
        repo.repo(),
        repo.folder(),
        repo.snapshots(),
        repo.refs(),
        repo.problems().stream().filter(now::contains).toList());
  }
}
