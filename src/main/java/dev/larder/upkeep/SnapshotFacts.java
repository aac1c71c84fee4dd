package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Sizes;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.WhyReport.Fact;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is in the tree of one commit. */
record SnapshotFacts(HubTree tree) {
  /** {@code below}: a folder of it, ending in a slash; empty for all. */
  Extent add(RepoListing repo, Commit commit, String below, List<Fact> facts) {
    List<CachedFile> files =
        repo.files().stream()
            .filter(file -> file.commit().equals(commit))
            .filter(file -> file.path().value().startsWith(below))
            .toList();
    Optional<Long> missing = missing(repo.repo(), commit, below, files);
    Extent extent =
        missing.filter(count -> count == 0).isPresent()
            ? Extent.ALL
            : files.isEmpty() ? Extent.NONE : Extent.SOME;
    facts.add(new Fact("snapshot", words(extent, files, missing)));
    return extent;
  }

  /** How many files that should be here are not; empty where no listing says what should. */
  private Optional<Long> missing(RepoId repo, Commit commit, String below, List<CachedFile> files) {
    Set<EntryPath> here = files.stream().map(CachedFile::path).collect(Collectors.toSet());
    return tree.listing(repo, commit)
        .map(
            listing ->
                listing.stream()
                    .map(ListedFile::path)
                    .filter(path -> path.isOrdinary() && path.value().startsWith(below))
                    .filter(path -> !here.contains(path))
                    .count());
  }

  private static String words(Extent extent, List<CachedFile> files, Optional<Long> missing) {
    String here =
        "%d %s of that commit, %s"
            .formatted(
                files.size(),
                files.size() == 1 ? "file" : "files",
                Sizes.format(files.stream().mapToLong(CachedFile::sizeBytes).sum()));
    return switch (extent) {
      case ALL -> here + ", which is all of it.";
      case SOME ->
          here
              + missing
                  .map("; %d missing."::formatted)
                  .orElse("; what else belongs to it is not known here.");
      case NONE -> "Nothing of that commit is in the tree.";
    };
  }
}
