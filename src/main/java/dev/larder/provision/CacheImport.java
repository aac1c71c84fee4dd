package dev.larder.provision;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.provision.Archives.Checked;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.ImportReport;
import dev.larder.provision.Archives.ImportRequest;
import dev.larder.provision.Archives.ImportedRepo;
import dev.larder.provision.Archives.KeptRef;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.provision.ProvisionException.NothingToImport;
import dev.larder.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes in the repos of another Hugging Face cache. A file must hash to its blob's name, and be the
 * one that the hub has under that commit where the hub can be asked.
 */
final class CacheImport {
  private final Function<RepoId, Rooms> home;
  private final HubFiles hub;
  private final ImportRequest request;
  private final HubTree source;
  private final List<FoundRepo> repos;
  private final Backup.Progress progress;
  private final List<LeftOut> leftOut = new ArrayList<>();

  /** {@code home}: the cache that a repo lives in. {@code reader}: any of them. */
  CacheImport(
      Function<RepoId, Rooms> home,
      Rooms reader,
      HubFiles hub,
      ImportRequest request,
      Follower follower) {
    this.home = home;
    this.hub = hub;
    this.request = request;
    Path directory = request.directory();
    Path sub = directory.resolve("hub");
    Optional<RepoId> one = repoOf(directory);
    if (one.isPresent()) {
      source = open(reader, directory.resolveSibling("."));
      repos = source.inspect(one.get()).stream().toList();
    } else {
      List<FoundRepo> inside =
          Files.isDirectory(sub) ? open(reader, sub).scan() : List.<FoundRepo>of();
      source = open(reader, inside.isEmpty() ? directory : sub);
      repos = inside.isEmpty() ? source.scan() : inside;
    }
    if (repos.isEmpty()) {
      throw new NothingToImport(
          directory,
          "it has no folders of repos (models--org--name); for a folder of model files say which repo they are, with --as org/name");
    }
    if (repos.stream()
        .anyMatch(r -> home.apply(r.repo()).tree().directory().equals(source.directory()))) {
      throw new NothingToImport(directory, "it is this cache itself");
    }
    progress =
        new Backup.Progress(follower, repos.stream().mapToLong(CacheImport::sizeBytes).sum());
  }

  private static HubTree open(Rooms rooms, Path directory) {
    return LocalHubTree.open(directory.normalize(), rooms.disk(), rooms.store());
  }

  private static Optional<RepoId> repoOf(Path directory) {
    try {
      return Optional.of(RepoId.ofFolder(String.valueOf(directory.getFileName())));
    } catch (InvalidName _) {
      return Optional.empty(); // Not a repo's folder: it is looked at as a cache.
    }
  }

  private static long sizeBytes(FoundRepo repo) {
    return repo.snapshots().stream()
        .flatMap(snapshot -> snapshot.files().stream())
        .mapToLong(FoundFile::sizeBytes)
        .sum();
  }

  ImportReport run() {
    List<ImportedRepo> imported = new ArrayList<>();
    List<KeptRef> kept = new ArrayList<>();
    long copiedBytes;
    Map<Rooms, Taking> takings = new LinkedHashMap<>();
    try {
      // All of it fits, or nothing is copied: a part of a repo would be of use to nobody.
      needed()
          .forEach((rooms, files) -> takings.put(rooms, new Taking(rooms, request.copy(), files)));
      for (FoundRepo repo : repos) {
        Rooms rooms = home.apply(repo.repo());
        Taken taken = taken(repo, Objects.requireNonNull(takings.get(rooms), "of every repo"));
        kept.addAll(new Publication(rooms).publish(taken.bundle()));
        imported.add(imported(taken.bundle(), taken.checked() ? Checked.HUB : Checked.NAMES));
      }
      copiedBytes = takings.values().stream().mapToLong(Taking::copiedBytes).sum();
    } finally {
      takings.values().forEach(Taking::close);
    }
    return new ImportReport(request.directory(), imported, copiedBytes, kept, leftOut);
  }

  /** Those that are named by what they hold, for each cache that a repo comes into. */
  private Map<Rooms, Map<Identity, Path>> needed() {
    Map<Rooms, Map<Identity, Path>> needed = new LinkedHashMap<>();
    for (FoundRepo repo : repos) {
      Map<Identity, Path> files =
          needed.computeIfAbsent(home.apply(repo.repo()), _ -> new HashMap<>());
      repo.snapshots().stream()
          .flatMap(snapshot -> snapshot.files().stream())
          .forEach(file -> file.identity().ifPresent(name -> files.put(name, file.file())));
    }
    return needed;
  }

  /** {@code checked}: the hub was asked about all of it. */
  private record Taken(Bundle bundle, boolean checked) {}

  private Taken taken(FoundRepo repo, Taking taking) {
    repo.problems().forEach(p -> leftOut.add(new LeftOut(repo.repo().toString(), p.text())));
    List<Bundle.Snapshot> snapshots = new ArrayList<>();
    boolean checked = true;
    for (FoundSnapshot snapshot : repo.snapshots()) {
      Optional<Map<EntryPath, ListedFile>> listed = listed(repo.repo(), snapshot.commit());
      checked &= listed.isPresent();
      snapshots.add(taken(repo.repo(), snapshot, listed, taking));
    }
    snapshots.removeIf(snapshot -> snapshot.files().isEmpty());
    Bundle bundle = new Bundle(repo.repo(), Optional.empty(), snapshots, refs(repo, snapshots));
    return new Taken(bundle, checked);
  }

  static ImportedRepo imported(Bundle bundle, Checked checked) {
    return new ImportedRepo(
        bundle.repo(),
        bundle.snapshots().stream().map(snapshot -> snapshot.commit().hex()).toList(),
        bundle.files(),
        bundle.sizeBytes(),
        checked);
  }

  private Optional<Map<EntryPath, ListedFile>> listed(RepoId repo, Commit commit) {
    return hub.ask(repo, new Revision(commit.hex())) instanceof HubFiles.Answer.Listed answer
        ? Optional.of(byPath(answer.files()))
        : Optional.empty();
  }

  static Map<EntryPath, ListedFile> byPath(List<ListedFile> files) {
    Map<EntryPath, ListedFile> byPath = new HashMap<>();
    files.forEach(file -> byPath.put(file.path(), file));
    return byPath;
  }

  private Bundle.Snapshot taken(
      RepoId repo,
      FoundSnapshot snapshot,
      Optional<Map<EntryPath, ListedFile>> listed,
      Taking taking) {
    Optional<List<ListedFile>> listing = source.listing(repo, snapshot.commit());
    Map<EntryPath, ListedFile> own = byPath(listing.orElse(List.of()));
    List<Bundle.File> files = new ArrayList<>();
    for (FoundFile file : snapshot.files()) {
      String what = "%s@%s/%s".formatted(repo, snapshot.commit(), file.path().quoted());
      Optional<Identity> identity =
          file.identity()
              .or(() -> Optional.ofNullable(own.get(file.path())).map(ListedFile::identity));
      wrong(file, identity, listed)
          .ifPresentOrElse(
              wrong -> leftOut.add(new LeftOut(what, wrong.why(), wrong.wrong())),
              () -> take(taking, what, file, identity.orElseThrow()).ifPresent(files::add));
      progress.moved(repo.toString(), file.sizeBytes());
    }
    return new Bundle.Snapshot(
        snapshot.commit(), files, listed.map(hubs -> List.copyOf(hubs.values())).or(() -> listing));
  }

  /** What keeps a file out before its bytes are looked at. */
  private static Optional<LeftOut> wrong(
      FoundFile file, Optional<Identity> identity, Optional<Map<EntryPath, ListedFile>> listed) {
    if (identity.isEmpty()) {
      return Optional.of(new LeftOut("", "nothing says what it should hold"));
    }
    if (!file.path().isOrdinary()) {
      return Optional.of(new LeftOut("", file.path().oddity().orElse("")));
    }
    if (listed.isEmpty()) {
      return Optional.empty();
    }
    ListedFile there = listed.get().get(file.path());
    if (there == null) {
      return Optional.of(new LeftOut("", "the hub has no such file in this commit", true));
    }
    return there.identity().equals(identity.get())
        ? Optional.empty()
        : Optional.of(
            new LeftOut("", "the hub has other bytes, of " + there.identity().hex(), true));
  }

  private Optional<Bundle.File> take(
      Taking taking, String what, FoundFile file, Identity identity) {
    try {
      Taking.Taken taken = taking.take(file.file(), identity);
      return Optional.of(
          new Bundle.File(file.path(), identity, taken.digest(), taken.sizeBytes(), true, false));
    } catch (StoreException.BlobMismatch e) {
      leftOut.add(new LeftOut(what, "its bytes hash to " + e.found().hex(), true));
      return Optional.empty();
    }
  }

  private static List<Bundle.Ref> refs(FoundRepo repo, List<Bundle.Snapshot> snapshots) {
    return repo.refs().stream()
        .filter(ref -> snapshots.stream().anyMatch(s -> s.commit().equals(ref.commit())))
        .map(ref -> new Bundle.Ref(ref.revision(), ref.commit(), Instant.EPOCH, true))
        .toList();
  }
}
