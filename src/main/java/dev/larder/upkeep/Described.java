package dev.larder.upkeep;

import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.upkeep.Glimpse.Entry;
import dev.larder.upkeep.Glimpse.Measure;
import dev.larder.upkeep.Looking.Sight;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.RepoListing.SharedFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes a line of a list out of what was seen. {@code onDisk}: each file once, however many names
 * lead to it.
 */
record Described(Sight sight, Set<SharedFile> onDisk) {
  static Described of(Sight sight) {
    Set<SharedFile> files = HashSet.newHashSet(sight.measures().size());
    sight.measures().forEach(m -> files.add(new SharedFile(m.inode(), m.sizeBytes())));
    return new Described(sight, files);
  }

  /** {@code withFiles}: else they are only counted. */
  RepoListing listing(HubTree tree, LastUse uses, Predicate<RepoId> pinned, boolean withFiles) {
    Glimpse glimpse = sight.glimpse();
    return new RepoListing(
        glimpse.repo(),
        tree.directory().resolve(glimpse.repo().folder()),
        onDisk.stream().mapToLong(SharedFile::sizeBytes).sum(),
        lastUsed(uses),
        lastModified(),
        glimpse.refs(),
        glimpse.state(),
        withFiles ? glimpse.entries().all().get().stream().map(this::file).toList() : List.of(),
        glimpse.problems(),
        glimpse.skipped(),
        RepoListing.HUB,
        pinned.test(glimpse.repo()),
        glimpse.entries().count(),
        List.of(),
        RepoListing.PRIMARY,
        0);
  }

  private CachedFile file(Entry entry) {
    return new CachedFile(
        entry.commit(),
        entry.path(),
        sight.measures().get(entry.target()).sizeBytes(),
        sight.glimpse().targets().get(entry.target()).blob());
  }

  private Optional<Instant> lastUsed(LastUse uses) {
    List<Measure> measures = sight.measures();
    if (uses.recorded().isEmpty()) {
      return measures.stream()
          .map(measure -> Math.max(measure.modifiedNanos(), measure.accessedNanos()))
          .max(Long::compare)
          .map(FileStat::time);
    }
    return Stream.concat(
            uses.known().stream(),
            IntStream.range(0, measures.size())
                .mapToObj(
                    i ->
                        uses.of(
                            sight.glimpse().targets().get(i).blob(),
                            measures.get(i).modifiedNanos(),
                            measures.get(i).accessedNanos())))
        .max(Instant::compareTo);
  }

  /** The newest blob: what the Python library says, too. */
  private Optional<Instant> lastModified() {
    return sight.measures().stream()
        .map(Measure::modifiedNanos)
        .max(Long::compare)
        .map(FileStat::time);
  }

  /** {@code listings} of {@code all}, each with those of its files that another one has too. */
  static List<RepoListing> markShared(List<RepoListing> listings, List<Described> all) {
    Map<SharedFile, Integer> repos = new HashMap<>();
    for (Described each : all) {
      each.onDisk().forEach(file -> repos.merge(file, 1, Integer::sum));
    }
    repos.values().removeIf(count -> count == 1);
    if (repos.isEmpty()) {
      return listings;
    }
    List<RepoListing> marked = new ArrayList<>();
    for (int i = 0; i < listings.size(); i++) {
      Set<SharedFile> files = new HashSet<>(all.get(i).onDisk());
      files.retainAll(repos.keySet());
      marked.add(
          files.isEmpty() ? listings.get(i) : listings.get(i).withShared(List.copyOf(files)));
    }
    return marked;
  }
}
