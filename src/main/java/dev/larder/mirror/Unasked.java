package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.util.List;
import java.util.Optional;

/**
 * What a branch means while the hub is not asked: one commit, the same for every question. Within
 * the time of a branch that is what the hub said; later, and offline, {@link HeldCommits#best} of
 * the commits that it meant. It changes when the hub is asked again, or more of one of them is
 * here. Says nothing about who may be told. Safe for concurrent use.
 */
final class Unasked {
  private static final int MOST = 10_000;

  private final HubMemory memory;
  private final Branches branches;
  private final ToldCommits told;
  private final HeldCommits held;
  private final boolean offline;
  private final Cache<Key, Choice> choices = Caffeine.newBuilder().maximumSize(MOST).build();

  private record Key(RepoId repo, Revision branch) {}

  /** {@code news}: what there was of the repo when it was made. */
  private record Choice(List<Commit> among, long news, Optional<Commit> commit) {}

  Unasked(
      HubMemory memory, Branches branches, ToldCommits told, HeldCommits held, boolean offline) {
    this.memory = memory;
    this.branches = branches;
    this.told = told;
    this.held = held;
    this.offline = offline;
  }

  Optional<Commit> commit(RepoId repo, Revision revision) {
    if (revision.commit().isPresent()) {
      return revision.commit();
    }
    Optional<Commit> fresh =
        offline
            ? Optional.empty() // Its end would change what is told without anybody being asked.
            : Optional.ofNullable(branches.freshOrDescribed(repo, revision));
    return fresh.isPresent() ? fresh : chosen(repo, revision);
  }

  private Optional<Commit> chosen(RepoId repo, Revision branch) {
    List<Commit> among = told.newestFirst(repo, branch);
    long news = memory.of(repo).news();
    Key key = new Key(repo, branch);
    Choice known = choices.getIfPresent(key);
    if (known == null || known.news() != news || !known.among().equals(among)) {
      known = new Choice(among, news, held.best(repo, among));
      choices.put(key, known);
    }
    return known.commit();
  }

  /** The commits that the branch meant, where one has to be looked for. */
  List<Commit> among(RepoId repo, Revision revision) {
    return revision.commit().map(List::of).orElseGet(() -> told.newestFirst(repo, revision));
  }
}
