package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.hubcache.HubTree.ListedFile;
import java.util.List;

/**
 * Which files of a commit a pull brings, and which it leaves out for their names. Pure: nothing is
 * looked for on a disk.
 */
record PullPlan(Commit commit, List<ListedFile> wanted, List<LeftOutFile> leftOut) {
  /** Throws {@link MirrorException.NotThere} when what was asked for is not in {@code listed}. */
  static PullPlan of(PullRequest request, Commit commit, List<ListedFile> listed) {
    List<ListedFile> selected = select(request, listed);
    return new PullPlan(
        commit,
        selected.stream().filter(file -> file.path().isOrdinary()).toList(),
        LeftOutFile.of(selected));
  }

  private static List<ListedFile> select(PullRequest request, List<ListedFile> listed) {
    List<EntryPath> paths = listed.stream().map(ListedFile::path).toList();
    List<String> absent = request.selection().absentFrom(paths);
    if (!absent.isEmpty()) {
      throw new MirrorException.NotThere(
          "%s@%s has no %s."
              .formatted(request.repo(), request.revision(), String.join(", ", absent)));
    }
    List<ListedFile> selected =
        listed.stream().filter(file -> request.selection().selects(file.path())).toList();
    if (selected.isEmpty() && !request.selection().all()) {
      throw nothing(request, paths);
    }
    return selected;
  }

  private static MirrorException nothing(PullRequest request, List<EntryPath> paths) {
    return new MirrorException.NotThere(
        "None of the %d files of %s@%s is selected: %s. 'larder pull %s@%s --dry-run' lists them."
            .formatted(
                paths.size(),
                request.repo(),
                request.revision(),
                request.selection().whyNothing(paths),
                request.repo(),
                request.revision()));
  }
}
