package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.Looked;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.hubcache.TreeClearing.Look;
import dev.larder.hubcache.TreeClearing.Name;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one repo's folder once, noting what is there and what is wrong. */
final class RepoScan {
  private static final Set<String> KNOWN =
      Set.of(
          HubLayout.BLOBS,
          HubLayout.SNAPSHOTS,
          HubLayout.REFS,
          HubLayout.NO_EXIST,
          HubLayout.TREES);

  private final Ground ground;
  private final LinkReader links;
  private final RepoId repo;
  private final Path folder;
  private final ScanNotes notes;

  RepoScan(Ground ground, LinkReader links, RepoId repo) {
    this.ground = ground;
    this.links = links.ofOneLook();
    this.repo = repo;
    folder = new HubLayout(ground.root).folder(repo);
    notes = new ScanNotes(ground, folder);
  }

  /** Empty when the repo has no folder, or one with nothing in it. */
  Optional<Looked> run() throws IOException {
    Optional<FileStat> stat = ground.disk.stat(folder);
    if (stat.isEmpty()) {
      return Optional.empty();
    }
    if (stat.get().kind() != Kind.DIRECTORY) {
      notes.note(
          Problem.Kind.STRAY,
          "%s is not a directory itself and is not read.".formatted(repo.folder()));
      return Optional.of(found(List.of(), List.of()));
    }
    try {
      List<Path> top = notes.names(folder, stat.get());
      if (top.isEmpty()) {
        return Optional.empty(); // A removal that was cut left it: there is no repo in it.
      }
      checkFolder(top);
      checkListings();
      checkBlobs();
      List<FoundSnapshot> snapshots = snapshots();
      List<FoundRef> refs = new RefScan(ground, notes, folder).run();
      checkRefs(refs, snapshots);
      return Optional.of(found(snapshots, refs));
    } catch (AccessDeniedException e) {
      notes.note(
          Problem.Kind.UNREADABLE, "%s may not be read by this user.".formatted(e.getFile()));
      return Optional.of(found(List.of(), List.of()));
    }
  }

  private Looked found(List<FoundSnapshot> snapshots, List<FoundRef> refs) {
    return new Looked(
        new FoundRepo(repo, folder, snapshots, refs, notes.problems()), notes.stamps());
  }

  private void checkFolder(List<Path> top) throws IOException {
    for (Path path : top) {
      if (!KNOWN.contains(HubLayout.nameOf(path))) {
        notes.note(
            Problem.Kind.STRAY, "%s does not belong into a cache.".formatted(notes.shown(path)));
      } else if (notes.directory(path).isEmpty()) {
        notes.note(
            Problem.Kind.STRAY,
            "%s is not a directory itself and is not read.".formatted(notes.shown(path)));
      }
    }
    if (ground.disk.stat(folder.resolve(HubLayout.SNAPSHOTS)).isEmpty()) {
      notes.note(Problem.Kind.STRAY, "It has no %s directory.".formatted(HubLayout.SNAPSHOTS));
    }
  }

  /** They say what should be here, and are read by others. huggingface_hub writes them 0600. */
  private void checkListings() throws IOException {
    List<Path> unreadable = new ArrayList<>();
    for (Path path : directoryNames(folder.resolve(HubLayout.TREES))) {
      notes.stamp(path);
      if (!ground.mayRead(path)) {
        unreadable.add(path);
      }
    }
    if (!unreadable.isEmpty()) {
      notes.note(
          Problem.Kind.UNREADABLE,
          "%s%s may not be read by this user: what the snapshot should hold is not known."
              .formatted(
                  notes.shown(unreadable.getFirst()),
                  unreadable.size() == 1 ? "" : " and %d more".formatted(unreadable.size() - 1)));
    }
  }

  private void checkBlobs() throws IOException {
    for (Path path : directoryNames(folder.resolve(HubLayout.BLOBS))) {
      String name = HubLayout.nameOf(path);
      if (TempNames.is(name)) {
        continue; // Written just now, or will be taken up or swept.
      }
      try {
        Identity.ofHex(name);
      } catch (InvalidName _) {
        notes.note(
            Problem.Kind.STRAY, "%s is not the name of a blob.".formatted(notes.shown(path)));
        continue;
      }
      switch (links.follow(path)) {
        case Followed.Wrong(String what) ->
            notes.note(Problem.Kind.LINK, "%s %s.".formatted(notes.shown(path), what));
        case Followed.File file when !file.file().startsWith(folder) -> notes.stamp(file.file());
        case Followed.File _, Followed.Nothing _ -> {
          // In its place, or removed since it was listed.
        }
      }
    }
  }

  private List<FoundSnapshot> snapshots() throws IOException {
    List<FoundSnapshot> snapshots = new ArrayList<>();
    for (Path path : directoryNames(folder.resolve(HubLayout.SNAPSHOTS))) {
      Optional<FileStat> stat = notes.directory(path);
      if (stat.isEmpty()) {
        notes.note(
            Problem.Kind.STRAY,
            "%s should be a snapshot's directory.".formatted(notes.shown(path)));
      } else if (!Commit.looksLike(HubLayout.nameOf(path))) {
        notes.note(
            Problem.Kind.STRAY, "%s is not named after a commit.".formatted(notes.shown(path)));
      } else {
        List<FoundFile> files = new ArrayList<>();
        collect(path, path, stat.get(), files);
        files.sort(Comparator.comparing(FoundFile::path));
        snapshots.add(new FoundSnapshot(new Commit(HubLayout.nameOf(path)), List.copyOf(files)));
      }
    }
    return List.copyOf(snapshots);
  }

  private void collect(Path snapshot, Path directory, FileStat stat, List<FoundFile> into)
      throws IOException {
    for (Path path : namesIn(directory, stat)) {
      Optional<FileStat> below = notes.directory(path);
      if (below.isPresent()) {
        collect(snapshot, path, below.get(), into);
      } else {
        addFile(snapshot, path, into);
      }
    }
  }

  private void addFile(Path snapshot, Path path, List<FoundFile> into) throws IOException {
    switch (links.follow(path)) {
      case Followed.File file -> {
        try {
          EntryPath entry = new EntryPath(snapshot.relativize(path).toString());
          into.add(found(entry, file));
        } catch (InvalidName e) {
          notes.note(Problem.Kind.STRAY, "%s: %s".formatted(notes.shown(path), e.explanation()));
        }
      }
      case Followed.Wrong(String what) ->
          notes.note(
              Problem.Kind.LINK,
              "%s %s.".formatted(notes.shown(path), what),
              entry(snapshot, path));
      case Followed.Nothing _ -> {
        // Removed since it was listed.
      }
    }
  }

  private Problem.Place entry(Path snapshot, Path path) throws IOException {
    try {
      return new Problem.Place.Link(
          new Commit(HubLayout.nameOf(snapshot)),
          EntryPath.ordinary(snapshot.relativize(path).toString()),
          links.named(path));
    } catch (InvalidName _) {
      // No commit's entry has such a name, so there is nothing to ask the hub for. The problem is
      // reported with its path either way.
      return new Problem.Place.Elsewhere();
    }
  }

  static FoundFile found(EntryPath path, Followed.File file) {
    return new FoundFile(
        path, file.file(), file.identity(), file.stat().fingerprint(), file.stat().accessedNanos());
  }

  /**
   * Wherever they lead, for who removes what none of them names: so one that may not be read is a
   * failure.
   */
  List<FoundRef> readRefs() throws IOException {
    List<FoundRef> refs = meantRefs();
    if (notes.firstUnreadable().isPresent()) {
      throw new AccessDeniedException(notes.firstUnreadable().get().toString());
    }
    return refs;
  }

  /** Also those that hold more than a commit: Python does not read them, yet it is clear which. */
  private List<FoundRef> meantRefs() throws IOException {
    List<FoundRef> refs = new ArrayList<>(new RefScan(ground, notes, folder).run());
    for (Problem problem : notes.problems()) {
      if (problem.place() instanceof Problem.Place.Ref(Revision ref, Optional<Commit> meant)) {
        meant.map(commit -> new FoundRef(ref, commit)).ifPresent(refs::add);
      }
    }
    return List.copyOf(refs);
  }

  /** For who plans a removal: what cannot be told of a repo keeps it, and no other. */
  Look forRemoval() throws IOException {
    List<Name> names = new FolderWalk(ground, links, folder).run(notes::noteUnreadable);
    List<Commit> commits = List.of();
    List<FoundRef> refs = List.of();
    try {
      commits = commits();
      refs = meantRefs();
    } catch (AccessDeniedException _) {
      // The walk met it as well, and noted it.
    }
    List<Problem> doubts =
        notes.problems().stream()
            .filter(
                problem ->
                    !(problem.place() instanceof Problem.Place.Ref(_, Optional<Commit> meant))
                        || meant.isEmpty())
            .toList();
    return new Look(repo, folder, names, commits, refs, doubts);
  }

  private List<Commit> commits() throws IOException {
    List<Commit> commits = new ArrayList<>();
    for (Path path : directoryNames(folder.resolve(HubLayout.SNAPSHOTS))) {
      if (Commit.looksLike(HubLayout.nameOf(path)) && notes.directory(path).isPresent()) {
        commits.add(new Commit(HubLayout.nameOf(path)));
      }
    }
    return List.copyOf(commits);
  }

  private void checkRefs(List<FoundRef> refs, List<FoundSnapshot> snapshots) {
    Set<Commit> there = new HashSet<>();
    snapshots.forEach(snapshot -> there.add(snapshot.commit()));
    for (FoundRef ref : refs) {
      if (!there.contains(ref.commit())) {
        notes.note(
            Problem.Kind.REF,
            "refs/%s names commit %s, which has no snapshot."
                .formatted(ref.revision(), ref.commit()),
            new Problem.Place.Ref(ref.revision(), Optional.of(ref.commit())));
      }
    }
  }

  /** The names in a directory that may be something else; then none. */
  private List<Path> directoryNames(Path directory) throws IOException {
    Optional<FileStat> stat = notes.directory(directory);
    return stat.isPresent() ? namesIn(directory, stat.get()) : List.of();
  }

  /** Of a directory that this user may not read none. */
  private List<Path> namesIn(Path directory, FileStat stat) throws IOException {
    try {
      return notes.names(directory, stat);
    } catch (AccessDeniedException _) {
      notes.noteUnreadable(directory);
      return List.of();
    }
  }
}
