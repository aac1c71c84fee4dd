package dev.larder.provision;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.ContentHash;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.ReadableFile;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.provision.Archives.ExportReport;
import dev.larder.provision.Archives.ExportRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.provision.BlobSources.Source;
import dev.larder.provision.ProvisionException.AlreadyThere;
import dev.larder.provision.ProvisionException.ArchiveIo;
import dev.larder.provision.ProvisionException.BlobDamaged;
import dev.larder.provision.ProvisionException.NotHere;
import dev.larder.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the files of a snapshot as ordinary files that share nothing with the cache but, where the
 * file system can, the blocks until one of them is written to. Never a link: whoever edits a file
 * edits nobody else's.
 */
final class Export {
  private static final int MODE = 0644;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final String ELSEWHERE = "name another directory";

  private final Rooms rooms;
  private final List<Rooms> caches;
  private final ExportRequest request;
  private final Follower follower;
  private final RepoId repo;
  private final Disk disk;
  private final BlobSources sources;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private static final int MOST_NAMED = 5;

  private final Set<Path> swept = new HashSet<>();

  /**
   * {@code rooms}: those that the repo lives in; {@code caches}: all, none of which is written
   * into.
   */
  Export(Rooms rooms, List<Rooms> caches, ExportRequest request, Follower follower) {
    this.rooms = rooms;
    this.caches = caches;
    this.request = request;
    this.follower = follower;
    this.repo = request.repo();
    this.disk = rooms.disk();
    this.sources = new BlobSources(rooms);
  }

  /** {@code file}: where the tree has it. */
  private record Wanted(Identity identity, long sizeBytes, Optional<Path> file) {}

  ExportReport run() {
    Revision revision = request.revision().orElse(Revision.MAIN);
    String name = repo + "@" + revision;
    String remedy = othersHere() + "'larder pull %s' brings it".formatted(name);
    Commit commit = commit(revision).orElseThrow(() -> new NotHere(name, remedy));
    List<ListedFile> listing = rooms.tree().listing(repo, commit).orElse(List.of());
    TreeMap<EntryPath, Wanted> files = files(commit, listing);
    if (files.isEmpty() && leftOut.isEmpty()) {
      throw new NotHere(name, remedy);
    }
    requireEmpty();
    requirePlain(files.keySet());
    List<String> missing = missing(listing, files);
    long total = files.values().stream().mapToLong(Wanted::sizeBytes).sum();
    Backup.Progress progress = new Backup.Progress(follower, total);
    long written = 0;
    long bytes = 0;
    for (var each : files.entrySet()) {
      Optional<Long> size = write(each.getKey(), each.getValue(), missing, progress);
      written += size.isPresent() ? 1 : 0;
      bytes += size.orElse(0L);
    }
    return new ExportReport(
        repo, commit.hex(), request.directory(), written, bytes, missing, leftOut);
  }

  /** Who named no revision may have meant one that is here. */
  private String othersHere() {
    List<String> refs =
        rooms.tree().inspect(repo).stream()
            .flatMap(found -> found.refs().stream())
            .map(ref -> ref.revision().toString())
            .limit(MOST_NAMED)
            .toList();
    return refs.isEmpty() ? "" : "of it are here: %s; ".formatted(String.join(", ", refs));
  }

  private Optional<Commit> commit(Revision revision) {
    return revision
        .commit()
        .or(() -> rooms.tree().ref(repo, revision))
        .or(() -> rooms.catalog().ref(repo, revision).map(Catalog.RefRow::commit));
  }

  private TreeMap<EntryPath, Wanted> files(Commit commit, List<ListedFile> listing) {
    TreeMap<EntryPath, Wanted> files = new TreeMap<>();
    List<FoundFile> found =
        rooms.tree().inspect(repo).stream()
            .flatMap(there -> there.snapshots().stream())
            .filter(snapshot -> snapshot.commit().equals(commit))
            .map(FoundSnapshot::files)
            .flatMap(List::stream)
            .toList();
    Map<EntryPath, Identity> listed = new HashMap<>();
    listing.forEach(line -> listed.put(line.path(), line.identity()));
    found.forEach(file -> add(files, listed, file));
    for (Catalog.EntryRow row : rooms.catalog().entries(repo, commit)) {
      if (!files.containsKey(row.path())
          && row.path().isOrdinary()
          && sources.inStore(row.identity()).isPresent()) {
        files.put(row.path(), new Wanted(row.identity(), row.sizeBytes(), Optional.empty()));
      }
    }
    return files;
  }

  private void add(
      TreeMap<EntryPath, Wanted> files, Map<EntryPath, Identity> listed, FoundFile file) {
    Optional<Identity> identity =
        file.identity().or(() -> Optional.ofNullable(listed.get(file.path())));
    if (identity.isEmpty() || !file.path().isOrdinary()) {
      String why =
          file.path().oddity().orElse("nothing says what it should hold, so it cannot be checked");
      leftOut.add(new LeftOut(file.path().quoted(), why));
    } else {
      files.put(
          file.path(), new Wanted(identity.get(), file.sizeBytes(), Optional.of(file.file())));
    }
  }

  private static List<String> missing(List<ListedFile> listing, TreeMap<EntryPath, Wanted> files) {
    return new ArrayList<>(
        listing.stream()
            .filter(file -> file.path().isOrdinary() && !files.containsKey(file.path()))
            .map(file -> file.path().value())
            .toList());
  }

  private void requireEmpty() {
    try {
      Outside.requireDirectory(request.directory());
      if (!request.overwrite() && !disk.list(request.directory()).isEmpty()) {
        throw new AlreadyThere(
            request.directory(),
            "is not empty",
            "name another directory, or write into this one with --force");
      }
    } catch (NoSuchFileException _) {
      // It is made with the first file.
    } catch (NotDirectoryException _) {
      throw new AlreadyThere(request.directory(), "is no directory", "name another");
    } catch (IOException e) {
      throw failed(request.directory(), e);
    }
  }

  /** What is written comes to lie in the directory itself, and not in a cache. */
  private void requirePlain(Set<EntryPath> paths) {
    Path to = request.directory();
    for (EntryPath path : paths) {
      Path target = to.resolve(path.value());
      for (Rooms cache : caches) {
        if (within(cache.tree().directory(), target)) {
          throw new AlreadyThere(
              cache.tree().directory(), "is a cache, where exported files get lost", ELSEWHERE);
        }
      }
      for (Path at = target; !at.equals(to); at = parent(at)) {
        if (Files.exists(at, NOFOLLOW_LINKS) && !fits(at, at.equals(target))) {
          String what = at.equals(target) ? "is no file" : "is no directory itself";
          throw new AlreadyThere(at, what + ", so nothing was written", ELSEWHERE);
        }
      }
    }
  }

  /** A link in place of a file is replaced; one in place of a directory leads elsewhere. */
  private static boolean fits(Path there, boolean file) {
    return file
        ? Files.isRegularFile(there, NOFOLLOW_LINKS) || Files.isSymbolicLink(there)
        : Files.isDirectory(there, NOFOLLOW_LINKS);
  }

  /** By whatever names: a directory of {@code target} that is there may be {@code cache}. */
  private static boolean within(Path cache, Path target) {
    try {
      for (Path at = target.getParent(); at != null; at = at.getParent()) {
        if (Files.exists(at) && Files.exists(cache)) {
          return at.toRealPath().startsWith(cache.toRealPath());
        }
      }
      return target.startsWith(cache);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "below the directory");
  }

  /** Empty when it is not here, or cannot be read. */
  private Optional<Source> open(EntryPath path, Wanted wanted, List<String> missing) {
    try {
      Optional<Source> source = sources.open(wanted.identity(), wanted.file());
      if (source.isEmpty()) {
        missing.add(path.value());
      }
      return source;
    } catch (StoreException.BlobMismatch e) {
      throw new BlobDamaged("%s of %s".formatted(path, repo));
    } catch (StoreException.StoreIo | ArchiveIo e) {
      leftOut.add(new LeftOut(path.quoted(), BlobSources.unreadable(e).why()));
      return Optional.empty();
    }
  }

  private Optional<Long> write(
      EntryPath path, Wanted wanted, List<String> missing, Backup.Progress progress) {
    Path target = request.directory().resolve(path.value());
    try (Source source = open(path, wanted, missing).orElse(null)) {
      if (source == null) {
        return Optional.empty();
      }
      disk.createDirectories(parent(target));
      copy(path, wanted.identity(), source, target, progress);
      return Optional.of(source.sizeBytes());
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  private static ArchiveIo failed(Path target, IOException e) {
    return new ArchiveIo("write " + target, e);
  }

  private void copy(
      EntryPath path, Identity identity, Source source, Path target, Backup.Progress progress)
      throws IOException {
    try (NewFile file = new NewFile(disk, target, swept)) {
      boolean cloned = file.clone(source.file());
      ContentHash hash = new ContentHash(identity, source.sizeBytes());
      byte[] buffer = new byte[BUFFER_BYTES];
      try (ReadableFile clone = cloned ? file.open() : null) {
        ReadableFile from = clone == null ? source.bytes() : clone;
        for (long at = 0; at < source.sizeBytes(); ) {
          int count = from.read(ByteBuffer.wrap(buffer), at);
          if (count < 0) {
            break;
          }
          hash.update(buffer, 0, count);
          if (!cloned) {
            file.write(buffer, 0, count);
          }
          at += count;
          progress.moved(path.value(), count);
        }
      }
      if (!hash.finish().found().equals(identity)) {
        throw new BlobDamaged("%s of %s".formatted(path, repo));
      }
      file.publish(MODE);
    }
  }
}
