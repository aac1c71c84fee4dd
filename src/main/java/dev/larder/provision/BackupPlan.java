package dev.larder.provision;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.provision.Archives.LeftOut;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be written of one repo: what the tree has, and what only the catalog knows to be in
 * the store (a server keeps restricted repos out of the tree). Read before any blob is looked for.
 */
record BackupPlan(
    RepoId repo,
    Optional<Catalog.RepoRow> standing,
    Map<Identity, Blob> blobs,
    Map<Commit, List<File>> snapshots,
    List<Ref> refs,
    List<LeftOut> leftOut) {
  /** Of one line, without a path: the longest are the blobs', with two hashes and a size. */
  private static final int DESCRIBED_BYTES = 192;

  /** {@code file}: where the tree has it. */
  record Blob(Identity identity, long sizeBytes, Optional<Path> file) {}

  /** One entry of a snapshot. */
  record File(EntryPath path, Identity identity, boolean inTree, boolean shown) {}

  /** One branch or tag. */
  record Ref(Revision revision, Commit commit, Instant confirmedAt, boolean inTree) {}

  long sizeBytes() {
    return blobs.values().stream().mapToLong(Blob::sizeBytes).sum();
  }

  /**
   * How many entries an archive needs for it: listings are counted whether they are there or not.
   */
  long entries() {
    long links = snapshots.values().stream().flatMap(List::stream).filter(File::inTree).count();
    return blobs.size() + links + snapshots.size() + refs.size();
  }

  /** No less than what the description needs for it. */
  long describedBytes() {
    long bytes = DESCRIBED_BYTES * (1L + blobs.size());
    for (List<File> files : snapshots.values()) {
      bytes += DESCRIBED_BYTES;
      for (File file : files) {
        bytes += DESCRIBED_BYTES + utf8(file.path().value());
      }
    }
    for (Ref ref : refs) {
      bytes += DESCRIBED_BYTES + utf8(ref.revision().name());
    }
    return bytes;
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Makes plans from what tree and catalog say now. */
  static final class Maker {
    private final HubTree tree;
    private final Catalog catalog;
    private final BlobSources sources;

    Maker(Rooms rooms) {
      this.sources = new BlobSources(rooms);
      this.tree = rooms.tree();
      this.catalog = rooms.catalog();
    }

    /** {@code found}: as the tree has it, if it does. */
    BackupPlan make(RepoId repo, Optional<FoundRepo> found) {
      BackupPlan plan =
          new BackupPlan(
              repo,
              catalog.repo(repo),
              new LinkedHashMap<>(),
              new LinkedHashMap<>(),
              new ArrayList<>(),
              new ArrayList<>());
      Set<String> shown = new HashSet<>();
      catalog.shown(repo).stream()
          .filter(row -> !row.owners())
          .forEach(row -> shown.add(row.commit() + "/" + row.path()));
      found.ifPresent(there -> addTree(plan, there, shown));
      addCatalog(plan);
      return plan;
    }

    private void addTree(BackupPlan plan, FoundRepo found, Set<String> shown) {
      found.problems().forEach(p -> plan.leftOut.add(new LeftOut(plan.repo.toString(), p.text())));
      Set<String> folded = new HashSet<>();
      for (FoundSnapshot snapshot : found.snapshots()) {
        Map<EntryPath, Identity> listed = listed(plan.repo, snapshot);
        List<File> files = new ArrayList<>();
        for (FoundFile file : snapshot.files()) {
          Optional<Identity> identity =
              file.identity().or(() -> Optional.ofNullable(listed.get(file.path())));
          String place = "snapshots/%s/%s".formatted(snapshot.commit(), file.path());
          Optional<String> unfit =
              identity.isEmpty()
                  ? Optional.of("it is a file of its own, and nothing says what it should hold")
                  : unfit(plan.repo, place, TarEntry.Kind.LINK, folded);
          if (unfit.isPresent()) {
            String what = "%s@%s/%s".formatted(plan.repo, snapshot.commit(), file.path().quoted());
            plan.leftOut.add(new LeftOut(what, unfit.get()));
          } else {
            Identity id = identity.orElseThrow();
            boolean mine = shown.contains(snapshot.commit() + "/" + file.path());
            files.add(new File(file.path(), id, true, mine));
            plan.blobs.putIfAbsent(id, new Blob(id, file.sizeBytes(), Optional.of(file.file())));
          }
        }
        plan.snapshots.put(snapshot.commit(), files);
      }
      for (HubTree.FoundRef ref : found.refs()) {
        Optional<String> unfit =
            unfit(plan.repo, "refs/" + ref.revision(), TarEntry.Kind.FILE, folded);
        if (unfit.isPresent()) {
          plan.leftOut.add(new LeftOut(plan.repo + "@" + ref.revision(), unfit.get()));
          continue;
        }
        Instant confirmedAt =
            catalog
                .ref(plan.repo, ref.revision())
                .filter(row -> row.commit().equals(ref.commit()))
                .map(Catalog.RefRow::confirmedAt)
                .orElse(Instant.EPOCH);
        plan.refs.add(new Ref(ref.revision(), ref.commit(), confirmedAt, true));
      }
    }

    /** What the listing says of files of their own; it is read only where there are such. */
    private Map<EntryPath, Identity> listed(RepoId repo, FoundSnapshot snapshot) {
      Map<EntryPath, Identity> listed = new HashMap<>();
      if (snapshot.files().stream().anyMatch(file -> file.identity().isEmpty())) {
        tree.listing(repo, snapshot.commit()).stream()
            .flatMap(List::stream)
            .forEach(line -> listed.put(line.path(), line.identity()));
      }
      return listed;
    }

    /** Why no reader would take it. {@code place}: in the repo's folder. */
    private static Optional<String> unfit(
        RepoId repo, String place, TarEntry.Kind kind, Set<String> folded) {
      if (Place.of(repo.folder() + "/" + place, kind) instanceof Place.Nowhere(String why)) {
        return Optional.of("it " + why);
      }
      return folded.add(Place.folded(place))
          ? Optional.empty()
          : Optional.of(
              "its name differs from another's in upper and lower case only, or looks the same");
    }

    /** Entries of commits that a row of a ref means, or that the tree has. */
    private void addCatalog(BackupPlan plan) {
      List<Catalog.RefRow> rows = catalog.refs(plan.repo);
      Set<Commit> commits = new LinkedHashSet<>(plan.snapshots.keySet());
      rows.forEach(row -> commits.add(row.commit()));
      for (Commit commit : commits) {
        List<File> files = plan.snapshots.computeIfAbsent(commit, _ -> new ArrayList<>());
        Set<EntryPath> have = new HashSet<>();
        files.forEach(file -> have.add(file.path()));
        for (Catalog.EntryRow row : catalog.entries(plan.repo, commit)) {
          if (!have.contains(row.path())
              && row.path().isOrdinary()
              && sources.inStore(row.identity()).isPresent()) {
            files.add(new File(row.path(), row.identity(), false, false));
            plan.blobs.putIfAbsent(
                row.identity(), new Blob(row.identity(), row.sizeBytes(), Optional.empty()));
          }
        }
      }
      rows.stream()
          .filter(row -> plan.refs.stream().noneMatch(r -> r.revision().equals(row.revision())))
          .forEach(
              row ->
                  plan.refs.add(new Ref(row.revision(), row.commit(), row.confirmedAt(), false)));
    }
  }
}
