package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.Problem;
import java.util.List;

/** What of a tree is meant by the targets of a verification; all of it when there are none. */
record Targets(List<VerifyTarget> targets) {
  boolean everything() {
    return targets.isEmpty();
  }

  boolean mean(RepoId repo) {
    return everything() || targets.stream().anyMatch(target -> target.repo().equals(repo));
  }

  boolean mean(FoundRepo repo, Commit commit, EntryPath path) {
    return everything()
        || targets.stream().anyMatch(target -> target.means(path) && means(target, repo, commit));
  }

  /** Throws {@link NotCached} for one that is not here at all. */
  void requireCached(List<FoundRepo> repos) {
    for (VerifyTarget target : targets) {
      boolean here =
          repos.stream()
              .filter(repo -> repo.repo().equals(target.repo()))
              .anyMatch(repo -> isHere(target, repo));
      if (!here) {
        throw new NotCached(target);
      }
    }
  }

  /** A revision without a file in it is here, too. */
  private static boolean isHere(VerifyTarget target, FoundRepo repo) {
    return (target.revision().isEmpty() && target.file().isEmpty())
        || repo.snapshots().stream().anyMatch(snapshot -> isHere(target, repo, snapshot));
  }

  private static boolean isHere(VerifyTarget target, FoundRepo repo, FoundSnapshot snapshot) {
    return means(target, repo, snapshot.commit())
        && (target.file().isEmpty()
            || snapshot.files().stream().anyMatch(file -> target.means(file.path())));
  }

  private static boolean means(VerifyTarget target, FoundRepo repo, Commit commit) {
    return target.repo().equals(repo.repo())
        && (target.revision().isEmpty()
            || target.revision().get().name().equals(commit.hex())
            || repo.refs().stream()
                .anyMatch(
                    ref ->
                        ref.revision().equals(target.revision().get())
                            && ref.commit().equals(commit)));
  }

  /** Who asks for files wants to know of their links, and not of the rest of the repo. */
  FoundRepo of(FoundRepo repo) {
    List<VerifyTarget> own =
        targets.stream().filter(target -> target.repo().equals(repo.repo())).toList();
    if (own.stream().anyMatch(target -> target.file().isEmpty()) || own.isEmpty()) {
      return repo;
    }
    List<Problem> problems =
        repo.problems().stream()
            .filter(
                problem ->
                    problem.place() instanceof Problem.Place.Link(var commit, var path, _)
                        && mean(repo, commit, path))
            .toList();
    return new FoundRepo(repo.repo(), repo.folder(), repo.snapshots(), repo.refs(), problems);
  }
}
