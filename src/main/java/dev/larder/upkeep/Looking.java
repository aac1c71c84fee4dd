package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.hubcache.HubTree.Looked;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.upkeep.Glimpse.Entries;
import dev.larder.upkeep.Glimpse.Entry;
import dev.larder.upkeep.Glimpse.Measure;
import dev.larder.upkeep.Glimpse.Target;
import dev.larder.upkeep.RepoListing.Ref;
import dev.larder.upkeep.RepoListing.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads repos' folders. */
record Looking(HubTree tree) {
  /** A folder and its files as they are now. {@code fresh}: it was read just now. */
  record Sight(Glimpse glimpse, List<Measure> measures, boolean fresh) {}

  /** Empty when the repo has no folder any more. */
  Optional<Sight> at(RepoId repo) {
    return tree.look(repo).map(this::sight);
  }

  Sight sight(Looked looked) {
    FoundRepo found = looked.repo();
    Map<Path, Integer> numbers = new LinkedHashMap<>();
    List<Target> targets = new ArrayList<>();
    List<Measure> measures = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (FoundSnapshot snapshot : found.snapshots()) {
      for (FoundFile file : snapshot.files()) {
        int number = numbers.computeIfAbsent(file.file(), _ -> targets.size());
        if (number == targets.size()) {
          targets.add(
              new Target(
                  found.folder().relativize(file.file()).toString(),
                  file.identity().map(Identity::hex).orElse(""),
                  file.sizeBytes()));
          measures.add(measure(file));
        }
        entries.add(new Entry(snapshot.commit(), file.path(), number));
      }
    }
    Wanting wanting = wanting(found);
    Glimpse glimpse =
        new Glimpse(
            found.repo(),
            looked.stamps(),
            targets,
            new Entries(entries.size(), () -> entries),
            found.refs().stream().map(ref -> new Ref(ref.revision(), ref.commit())).toList(),
            state(found, wanting),
            Stream.concat(found.problemTexts().stream(), wanting.misfits().stream()).toList(),
            wanting.skipped());
    return new Sight(glimpse, measures, true);
  }

  private static State state(FoundRepo found, Wanting wanting) {
    if (!wanting.misfits().isEmpty()) {
      return State.DAMAGED;
    }
    if (found.problems().isEmpty()) {
      return wanting.state();
    }
    // What is not this user's to read may well be in order.
    return found.problems().stream().allMatch(p -> p.kind() == Problem.Kind.UNREADABLE)
        ? State.UNKNOWN
        : State.DAMAGED;
  }

  private static Measure measure(FoundFile file) {
    return new Measure(
        file.fingerprint().inode(),
        file.sizeBytes(),
        file.fingerprint().modifiedNanos(),
        file.accessedNanos());
  }

  /**
   * What listings name and the folder has not, or has with another size. {@code listed}: of every
   * snapshot that counts. {@code misfits}: a sentence each.
   */
  private record Wanting(
      boolean any, boolean listed, List<EntryPath> absent, List<String> misfits) {
    State state() {
      if (!any || absent.stream().anyMatch(EntryPath::isOrdinary)) {
        return State.PARTIAL;
      }
      return listed ? State.COMPLETE : State.UNKNOWN;
    }

    List<EntryPath> skipped() {
      return absent.stream().filter(path -> !path.isOrdinary()).distinct().sorted().toList();
    }
  }

  private Wanting wanting(FoundRepo found) {
    Set<Commit> named = found.refs().stream().map(FoundRef::commit).collect(Collectors.toSet());
    List<FoundSnapshot> counting =
        found.snapshots().stream()
            .filter(snapshot -> named.isEmpty() || named.contains(snapshot.commit()))
            .toList();
    List<EntryPath> absent = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    boolean listed = true;
    for (FoundSnapshot snapshot : counting) {
      Optional<List<ListedFile>> listing = tree.listing(found.repo(), snapshot.commit());
      listed &= listing.isPresent();
      compare(listing.orElse(List.of()), snapshot, absent, misfits);
    }
    return new Wanting(!counting.isEmpty(), listed, absent, misfits);
  }

  private static void compare(
      List<ListedFile> listing,
      FoundSnapshot snapshot,
      List<EntryPath> absent,
      List<String> misfits) {
    Map<EntryPath, FoundFile> here = new HashMap<>();
    snapshot.files().forEach(file -> here.put(file.path(), file));
    for (ListedFile line : listing) {
      FoundFile file = here.get(line.path());
      if (file == null) {
        absent.add(line.path());
      } else if (file.sizeBytes() != line.sizeBytes()) {
        misfits.add(
            "snapshots/%s/%s has %d bytes and should have %d."
                .formatted(snapshot.commit(), line.path(), file.sizeBytes(), line.sizeBytes()));
      }
    }
  }
}
