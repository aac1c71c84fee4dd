package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.content.WritableFile;
import dev.larder.store.BlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cache directory on this machine. Holds no file open and needs no closing. */
public final class LocalHubTree implements HubTree {
  private static final long MAX_LISTING_BYTES = 256L << 20;

  private final HubLayout layout;
  private final Ground ground;
  private final CacheTag tag;
  private final LinkReader links;
  private final BlobLinks blobs;
  private final SnapshotLinks snapshots;
  private final BlobStore store;

  private LocalHubTree(Ground ground, BlobStore store) {
    this.ground = ground;
    this.store = store;
    layout = new HubLayout(ground.root);
    tag = new CacheTag(ground);
    links = new LinkReader(ground);
    Verified verified = new Verified(ground, links);
    blobs = new BlobLinks(ground, store, verified);
    snapshots = new SnapshotLinks(ground, verified);
  }

  /**
   * The tree in {@code hubDirectory}, which need not exist: it is made by the first write. {@code
   * store} is where blobs are linked from.
   */
  public static HubTree open(Path hubDirectory, Disk disk, BlobStore store) {
    return new LocalHubTree(new Ground(hubDirectory.toAbsolutePath().normalize(), disk), store);
  }

  @Override
  public Path directory() {
    return layout.root();
  }

  @Override
  public void publish(
      RepoId repo, Commit commit, EntryPath path, Identity identity, Digest digest) {
    write(
        "put %s of %s into".formatted(path, repo),
        () -> {
          long sizeBytes = blobs.place(layout.blob(repo, identity), digest);
          snapshots.place(
              new SnapshotLinks.Link(
                  layout.entry(repo, commit, path),
                  HubLayout.linkText(path, identity),
                  layout.snapshot(repo, commit),
                  layout.blobs(repo)),
              digest,
              sizeBytes);
        });
  }

  @Override
  public void writeRef(RepoId repo, Revision revision, Commit commit) {
    write(
        "point %s of %s to %s in".formatted(revision, repo, commit),
        () -> {
          Path snapshot = layout.snapshot(repo, commit);
          ground.ensureDirectory(snapshot);
          snapshots.sync(snapshot);
          // Python keeps no ref for a commit: it would only name itself.
          if (revision.commit().isEmpty() && !ref(repo, revision).equals(Optional.of(commit))) {
            byte[] text = commit.hex().getBytes(StandardCharsets.US_ASCII);
            ground.replace(layout.ref(repo, revision), text, layout.blobs(repo));
          }
        });
  }

  @Override
  public void writeNoExist(RepoId repo, Commit commit, EntryPath path) {
    write(
        "note that %s of %s does not exist in".formatted(path, repo),
        () -> {
          // Python takes a folder without it for damaged.
          ground.ensureDirectory(layout.snapshots(repo));
          Path file = layout.noExist(repo, commit, path);
          ground.ensureDirectory(HubLayout.parent(file));
          try (WritableFile _ = ground.disk.create(file)) {
            ground.disk.chmod(file, ground.sharedMode());
          } catch (FileAlreadyExistsException _) {
            // Known already.
          }
        });
  }

  @Override
  public void writeListing(RepoId repo, Commit commit, List<ListedFile> files) {
    write(
        "write the listing of %s into".formatted(repo),
        () -> {
          ground.ensureDirectory(layout.snapshots(repo));
          // A commit never changes, so what Python wrote is right and may hold more than we know.
          List<ListedFile> sorted = ListingJson.sorted(files);
          if (!listing(repo, commit).map(ListingJson::sorted).equals(Optional.of(sorted))) {
            ground.replace(
                layout.listing(repo, commit), ListingJson.write(sorted), layout.blobs(repo));
          }
        });
  }

  @Override
  public boolean withdraw(RepoId repo, List<Shown> shown) {
    return !shown.isEmpty()
        && Refusal.changing(
            "take %s out of".formatted(repo),
            layout.root(),
            () -> new Withdrawal(ground, links, blobs, repo).run(shown));
  }

  @Override
  public List<Shown> linked(RepoId repo, List<Shown> shown) {
    return read(
        "look at %s in".formatted(repo),
        () -> {
          List<Shown> linked = new ArrayList<>();
          for (Shown file : shown) {
            if (new BlobNames(ground, links, store.path(file.digest())).has(repo, file)) {
              linked.add(file);
            }
          }
          return linked;
        });
  }

  @Override
  public Optional<Path> others(Digest digest, Map<RepoId, List<Shown>> shown) {
    return read(
        "look for %s in".formatted(digest),
        () -> new BlobNames(ground, links, store.path(digest)).others(shown));
  }

  @Override
  public Optional<Commit> ref(RepoId repo, Revision revision) {
    return readable(
        "read ref %s of %s in".formatted(revision, repo),
        Optional.empty(),
        () ->
            ground
                .read(layout.ref(repo, revision), 40)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .filter(Commit::looksLike)
                .map(Commit::new));
  }

  @Override
  public boolean knownAbsent(RepoId repo, Commit commit, EntryPath path) {
    return readable(
        "look for %s of %s in".formatted(path, repo),
        false,
        () -> ground.isFile(layout.noExist(repo, commit, path)));
  }

  @Override
  public Optional<List<ListedFile>> listing(RepoId repo, Commit commit) {
    return readable(
        "read the listing of %s in".formatted(repo),
        Optional.empty(),
        () ->
            ground
                .read(layout.listing(repo, commit), MAX_LISTING_BYTES)
                .flatMap(ListingJson::read));
  }

  @Override
  public Optional<FoundFile> find(RepoId repo, Commit commit, EntryPath path) {
    return read(
        "look for %s of %s in".formatted(path, repo),
        () ->
            links.follow(layout.entry(repo, commit, path)) instanceof Followed.File file
                ? Optional.of(RepoScan.found(path, named(repo, commit, path, file)))
                : Optional.empty());
  }

  /** A real file in a snapshot has no blob's name: what it should hold, the listing says. */
  private Followed.File named(RepoId repo, Commit commit, EntryPath path, Followed.File file) {
    return file.identity().isPresent()
        ? file
        : new Followed.File(
            file.file(),
            file.stat(),
            listing(repo, commit).stream()
                .flatMap(List::stream)
                .filter(listed -> listed.path().equals(path))
                .map(ListedFile::identity)
                .findFirst());
  }

  @Override
  public TreeClearing clearing() {
    return new LocalTreeClearing(ground, links);
  }

  @Override
  public Path snapshot(RepoId repo, Commit commit) {
    return layout.snapshot(repo, commit);
  }

  @Override
  public boolean has(RepoId repo) {
    return read(
        "look for %s in".formatted(repo), () -> ground.disk.isDirectory(layout.snapshots(repo)));
  }

  @Override
  public List<RepoId> repos() {
    return read(
        "read",
        () ->
            ground.disk.list(layout.root()).stream()
                .flatMap(name -> LocalTreeClearing.repoOf(HubLayout.nameOf(name)).stream())
                .toList());
  }

  @Override
  public List<FoundRepo> scan() {
    return repos().stream().flatMap(repo -> inspect(repo).stream()).toList();
  }

  @Override
  public Optional<FoundRepo> inspect(RepoId repo) {
    return look(repo).map(Looked::repo);
  }

  @Override
  public Optional<Looked> look(RepoId repo) {
    return read("read %s in".formatted(repo), () -> new RepoScan(ground, links, repo).run());
  }

  @Override
  public boolean isAsSeen(RepoId repo, List<Stamp> stamps) {
    Path folder = layout.folder(repo);
    return readable(
        "look at %s in".formatted(repo),
        false,
        () -> {
          List<String> names = stamps.stream().map(Stamp::path).toList();
          List<Optional<FileStat>> now = ground.disk.statAll(folder, names);
          for (int i = 0; i < now.size(); i++) {
            if (now.get(i).filter(stamps.get(i)::isOf).isEmpty()) {
              return false;
            }
          }
          return true;
        });
  }

  @Override
  public List<Optional<FileStat>> statAll(RepoId repo, List<String> below) {
    return readable(
        "look at %s in".formatted(repo),
        Collections.nCopies(below.size(), Optional.empty()),
        () -> ground.disk.statAll(layout.folder(repo), below));
  }

  @Override
  public Optional<FileStat> stat(RepoId repo, String below) {
    return readable(
        "look at %s in".formatted(repo),
        Optional.empty(),
        () -> ground.disk.stat(layout.folder(repo).resolve(below)));
  }

  /** Something done to files. */
  private interface Change {
    void run() throws IOException;
  }

  private void write(String what, Change change) {
    boolean _ =
        Refusal.changing(
            what,
            layout.root(),
            () -> {
              tag.write();
              change.run();
              return true;
            });
  }

  private <T> T read(String what, Refusal.Step<T> question) {
    return Refusal.reading(what, layout.root(), question);
  }

  /**
   * What this user may not read is as if it were not there: one file of another user, who wrote it
   * for himself alone, keeps nobody from the rest. {@link #look} tells of it.
   */
  private <T> T readable(String what, T otherwise, Refusal.Step<T> question) {
    return read(
        what,
        () -> {
          try {
            return question.run();
          } catch (AccessDeniedException _) {
            return otherwise; // As said above.
          }
        });
  }
}
