package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.EntryPath;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.RepoListing.Ref;
import dev.larder.upkeep.RepoListing.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is cached, read from the tree on disk: also what Python put there. */
public final class Inventory {
  private final HubTree tree;
  private final Catalog catalog;

  public Inventory(HubTree tree, Catalog catalog) {
    this.tree = tree;
    this.catalog = catalog;
  }

  /** Every repo in the tree, by name. */
  public List<RepoListing> list() {
    return tree.scan().stream().map(this::listing).toList();
  }

  private RepoListing listing(FoundRepo found) {
    Optional<List<EntryPath>> absent = absent(found);
    List<CachedFile> files =
        found.snapshots().stream().flatMap(s -> s.files().stream().map(f -> cached(s, f))).toList();
    return new RepoListing(
        found.repo(),
        found.folder(),
        sizeBytes(found),
        lastUsed(found),
        lastModified(found),
        found.refs().stream().map(ref -> new Ref(ref.revision(), ref.commit())).toList(),
        state(found, absent),
        files,
        found.problemTexts(),
        absent.orElse(List.of()).stream()
            .filter(path -> !path.isOrdinary())
            .distinct()
            .sorted()
            .toList());
  }

  private static CachedFile cached(FoundSnapshot snapshot, FoundFile file) {
    String blob = file.identity().map(id -> id.hex()).orElse("");
    return new CachedFile(snapshot.commit(), file.path(), file.sizeBytes(), blob);
  }

  /** Each blob once, however many snapshots name it. */
  private static long sizeBytes(FoundRepo found) {
    Map<Object, Long> sizes = new HashMap<>();
    for (FoundSnapshot snapshot : found.snapshots()) {
      for (FoundFile file : snapshot.files()) {
        sizes.put(file.identity().<Object>map(id -> id).orElse(file.file()), file.sizeBytes());
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  private Optional<Instant> lastUsed(FoundRepo found) {
    return catalog
        .lastUsed(found.repo())
        .or(
            () ->
                found.snapshots().stream()
                    .flatMap(s -> s.files().stream())
                    // A file system may keep no access times, or set them once a day.
                    .map(
                        file ->
                            instant(
                                Math.max(file.accessedNanos(), file.fingerprint().modifiedNanos())))
                    .max(Instant::compareTo));
  }

  /** The newest blob: what the Python library says, too. */
  private static Optional<Instant> lastModified(FoundRepo found) {
    return found.snapshots().stream()
        .flatMap(s -> s.files().stream())
        .map(file -> instant(file.fingerprint().modifiedNanos()))
        .max(Instant::compareTo);
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }

  /** Listed in the snapshot of some ref and not there. Empty: nobody knows what belongs to it. */
  private Optional<List<EntryPath>> absent(FoundRepo found) {
    List<EntryPath> absent = new ArrayList<>();
    for (FoundRef ref : found.refs()) {
      Optional<List<ListedFile>> listing = tree.listing(found.repo(), ref.commit());
      if (listing.isEmpty() || !found.snapshots().stream().anyMatch(ref::names)) {
        return Optional.empty();
      }
      Set<EntryPath> here = new HashSet<>();
      found.snapshots().stream()
          .filter(ref::names)
          .forEach(snapshot -> snapshot.files().forEach(file -> here.add(file.path())));
      listing.get().stream()
          .map(ListedFile::path)
          .filter(path -> !here.contains(path))
          .forEach(absent::add);
    }
    return Optional.of(absent);
  }

  private static State state(FoundRepo found, Optional<List<EntryPath>> absent) {
    if (!found.problems().isEmpty()) {
      return State.DAMAGED;
    }
    boolean complete =
        !found.refs().isEmpty()
            && absent.isPresent()
            && absent.get().stream().noneMatch(EntryPath::isOrdinary);
    return complete ? State.COMPLETE : State.PARTIAL;
  }
}
