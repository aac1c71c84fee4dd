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
import dev.larder.hubcache.HubTree.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one repo's folder once, noting what is there and what is wrong. */
final class RepoScan {
  /** Left by file managers; Python passes over them as well. */
  private static final Set<String> IGNORED = Set.of(".DS_Store", "Thumbs.db", "desktop.ini");

  private static final Set<String> KNOWN =
      Set.of(
          HubLayout.BLOBS,
          HubLayout.SNAPSHOTS,
          HubLayout.REFS,
          HubLayout.NO_EXIST,
          HubLayout.TREES);

  /** A write of huggingface_hub that did not end. */
  private static final Pattern TEMP_REF = Pattern.compile(".*\\.[0-9a-f]{8}\\.tmp");

  /** A commit has 40; what is a little longer may still show which one was meant. */
  private static final int MAX_REF_BYTES = 4096;

  private final Ground ground;
  private final LinkReader links;
  private final RepoId repo;
  private final Path folder;
  private final List<Problem> problems = new ArrayList<>();

  RepoScan(Ground ground, LinkReader links, RepoId repo) {
    this.ground = ground;
    this.links = links;
    this.repo = repo;
    folder = new HubLayout(ground.root).folder(repo);
  }

  /** Empty when the repo has no folder. */
  Optional<FoundRepo> run() throws IOException {
    Optional<FileStat> stat = ground.disk.stat(folder);
    if (stat.isEmpty()) {
      return Optional.empty();
    }
    if (stat.get().kind() != Kind.DIRECTORY) {
      note(
          Problem.Kind.STRAY,
          "%s is not a directory itself and is not read.".formatted(repo.folder()));
      return Optional.of(found(List.of(), List.of()));
    }
    try {
      checkFolder();
      checkBlobs();
      List<FoundSnapshot> snapshots = snapshots();
      List<FoundRef> refs = refs();
      checkRefs(refs, snapshots);
      return Optional.of(found(snapshots, refs));
    } catch (AccessDeniedException e) {
      note(Problem.Kind.UNREADABLE, "%s may not be read by this user.".formatted(e.getFile()));
      return Optional.of(found(List.of(), List.of()));
    }
  }

  private FoundRepo found(List<FoundSnapshot> snapshots, List<FoundRef> refs) {
    return new FoundRepo(repo, folder, snapshots, refs, List.copyOf(problems));
  }

  private void note(Problem.Kind kind, String text) {
    note(kind, text, new Problem.Place.Elsewhere());
  }

  private void note(Problem.Kind kind, String text, Problem.Place place) {
    problems.add(new Problem(kind, text, place));
  }

  private void checkFolder() throws IOException {
    for (Path path : names(folder)) {
      if (!KNOWN.contains(nameOf(path))) {
        note(Problem.Kind.STRAY, "%s does not belong into a cache.".formatted(shown(path)));
      } else if (!isDirectory(path)) {
        note(
            Problem.Kind.STRAY,
            "%s is not a directory itself and is not read.".formatted(shown(path)));
      }
    }
    if (ground.disk.stat(folder.resolve(HubLayout.SNAPSHOTS)).isEmpty()) {
      note(Problem.Kind.STRAY, "It has no %s directory.".formatted(HubLayout.SNAPSHOTS));
    }
  }

  private void checkBlobs() throws IOException {
    for (Path path : directoryNames(folder.resolve(HubLayout.BLOBS))) {
      String name = nameOf(path);
      if (TempNames.is(name)) {
        continue; // Written just now, or will be taken up or swept.
      }
      try {
        Identity.ofHex(name);
      } catch (InvalidName _) {
        note(Problem.Kind.STRAY, "%s is not the name of a blob.".formatted(shown(path)));
        continue;
      }
      if (links.follow(path) instanceof Followed.Wrong(String what)) {
        note(Problem.Kind.LINK, "%s %s.".formatted(shown(path), what));
      }
    }
  }

  private List<FoundSnapshot> snapshots() throws IOException {
    List<FoundSnapshot> snapshots = new ArrayList<>();
    for (Path path : directoryNames(folder.resolve(HubLayout.SNAPSHOTS))) {
      if (!isDirectory(path)) {
        note(Problem.Kind.STRAY, "%s should be a snapshot's directory.".formatted(shown(path)));
      } else if (!Commit.looksLike(nameOf(path))) {
        note(Problem.Kind.STRAY, "%s is not named after a commit.".formatted(shown(path)));
      } else {
        List<FoundFile> files = new ArrayList<>();
        collect(path, path, files);
        files.sort(java.util.Comparator.comparing(FoundFile::path));
        snapshots.add(new FoundSnapshot(new Commit(nameOf(path)), List.copyOf(files)));
      }
    }
    return List.copyOf(snapshots);
  }

  private void collect(Path snapshot, Path directory, List<FoundFile> into) throws IOException {
    for (Path path : names(directory)) {
      if (isDirectory(path)) {
        collect(snapshot, path, into);
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
          note(Problem.Kind.STRAY, "%s: %s".formatted(shown(path), e.explanation()));
        }
      }
      case Followed.Wrong(String what) ->
          note(Problem.Kind.LINK, "%s %s.".formatted(shown(path), what), entry(snapshot, path));
      case Followed.Nothing _ -> {
        // Removed since it was listed.
      }
    }
  }

  private Problem.Place entry(Path snapshot, Path path) throws IOException {
    try {
      return new Problem.Place.Link(
          new Commit(nameOf(snapshot)),
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

  private List<FoundRef> refs() throws IOException {
    List<FoundRef> refs = new ArrayList<>();
    Path root = folder.resolve(HubLayout.REFS);
    collectRefs(root, directoryNames(root), refs);
    return List.copyOf(refs);
  }

  private void collectRefs(Path root, List<Path> paths, List<FoundRef> into) throws IOException {
    for (Path path : paths) {
      if (isDirectory(path)) {
        collectRefs(root, names(path), into);
      } else if (!TEMP_REF.matcher(nameOf(path)).matches()) {
        addRef(root, path, into);
      }
    }
  }

  private void addRef(Path root, Path path, List<FoundRef> into) throws IOException {
    RefText found = refText(path);
    if (!found.there()) {
      return; // Removed since it was listed.
    }
    Optional<String> text = found.text();
    Optional<Commit> meant = text.map(String::strip).filter(Commit::looksLike).map(Commit::new);
    Revision revision;
    try {
      revision = new Revision(root.relativize(path).toString());
    } catch (InvalidName e) {
      note(Problem.Kind.STRAY, "%s: %s".formatted(shown(path), e.explanation()));
      return;
    }
    Problem.Place place = new Problem.Place.Ref(revision, meant);
    if (text.isEmpty()) {
      note(Problem.Kind.REF, "%s is not a small regular file.".formatted(shown(path)), place);
    } else if (meant.isEmpty()) {
      note(Problem.Kind.REF, "%s is torn: it holds no commit.".formatted(shown(path)), place);
    } else if (!Commit.looksLike(text.get())) {
      note(
          Problem.Kind.REF,
          "%s has more in it than a commit (a line end?), which Python does not read."
              .formatted(shown(path)),
          place);
    } else {
      into.add(new FoundRef(revision, meant.get()));
    }
  }

  /** What a ref's file holds: nothing when it is no small file, and no longer {@code there}. */
  private record RefText(boolean there, Optional<String> text) {}

  /** A ref that moves may be gone at one look and there at the next. */
  private RefText refText(Path path) throws IOException {
    for (int tries = 1; ; tries++) {
      Optional<byte[]> bytes = ground.read(path, MAX_REF_BYTES);
      Optional<FileStat> stat = ground.disk.stat(path);
      boolean moved =
          bytes.isEmpty()
              && stat.isPresent()
              && stat.get().kind() == Kind.FILE
              && stat.get().sizeBytes() <= MAX_REF_BYTES;
      if (!moved || tries == Ground.MAX_TRIES) {
        return new RefText(
            bytes.isPresent() || stat.isPresent(),
            bytes.map(text -> new String(text, StandardCharsets.UTF_8)));
      }
    }
  }

  private void checkRefs(List<FoundRef> refs, List<FoundSnapshot> snapshots) {
    Set<Commit> there = new HashSet<>();
    snapshots.forEach(snapshot -> there.add(snapshot.commit()));
    for (FoundRef ref : refs) {
      if (!there.contains(ref.commit())) {
        note(
            Problem.Kind.REF,
            "refs/%s names commit %s, which has no snapshot."
                .formatted(ref.revision(), ref.commit()),
            new Problem.Place.Ref(ref.revision(), Optional.of(ref.commit())));
      }
    }
  }

  private boolean isDirectory(Path path) throws IOException {
    return ground.disk.stat(path).filter(stat -> stat.kind() == Kind.DIRECTORY).isPresent();
  }

  /** The names in a directory that may be something else; then none. */
  private List<Path> directoryNames(Path directory) throws IOException {
    return isDirectory(directory) ? names(directory) : List.of();
  }

  private List<Path> names(Path directory) throws IOException {
    return ground.disk.list(directory).stream()
        .map(name -> directory.resolve(name.getFileName()))
        .filter(path -> !IGNORED.contains(nameOf(path)))
        .toList();
  }

  private Path shown(Path path) {
    return folder.relativize(path);
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }
}
