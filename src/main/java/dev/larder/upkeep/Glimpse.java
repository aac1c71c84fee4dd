package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.Stamp;
import dev.larder.upkeep.RepoListing.Ref;
import dev.larder.upkeep.RepoListing.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What names, links, refs and listings of a repo's folder say, as long as its {@code stamps} hold.
 * What changes without them, times of files, is not in it. {@code entries} lead to {@code targets}
 * by number.
 */
record Glimpse(
    RepoId repo,
    List<Stamp> stamps,
    List<Target> targets,
    Entries entries,
    List<Ref> refs,
    State state,
    List<String> problems,
    List<EntryPath> skipped) {
  /**
   * A file, seen from the repo's folder. {@code blob}: the name of its blob, empty for none. {@code
   * sizeBytes}: what {@code state} was judged by.
   */
  record Target(String below, String blob, long sizeBytes) {}

  /** How many there are, and they themselves, which a list of repos need not read. */
  record Entries(int count, Supplier<List<Entry>> all) {}

  /** A file of a snapshot. */
  record Entry(Commit commit, EntryPath path, int target) {}

  /** A file on the disk as it is now. */
  record Measure(long inode, long sizeBytes, long modifiedNanos, long accessedNanos) {
    static Measure of(FileStat stat) {
      return new Measure(
          stat.inode(), stat.sizeBytes(), stat.modifiedNanos(), stat.accessedNanos());
    }
  }

  /**
   * Whether the same look a moment later would show every change that came after this one: the
   * newest of its stamps is from before {@code nanos}. Where something is wrong, what mends it may
   * lie outside the folder.
   */
  boolean isSettled(long nanos) {
    return problems.isEmpty()
        && stamps.stream().allMatch(s -> Math.max(s.modifiedNanos(), s.changedNanos()) < nanos);
  }

  /**
   * The targets now; empty when the folder is not as it was, or something there is no file or has
   * another size.
   */
  Optional<List<Measure>> measured(HubTree tree) {
    if (!tree.isAsSeen(repo, stamps)) {
      return Optional.empty();
    }
    List<Optional<FileStat>> now = tree.statAll(repo, targets.stream().map(Target::below).toList());
    List<Measure> measures = new ArrayList<>(targets.size());
    for (int i = 0; i < now.size(); i++) {
      long expected = targets.get(i).sizeBytes();
      Optional<FileStat> same =
          now.get(i)
              .filter(stat -> stat.kind() == FileStat.Kind.FILE && stat.sizeBytes() == expected);
      if (same.isEmpty()) {
        return Optional.empty();
      }
      measures.add(Measure.of(same.get()));
    }
    return Optional.of(measures);
  }
}
