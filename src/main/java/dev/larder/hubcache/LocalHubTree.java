package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.content.WritableFile;
import dev.larder.store.BlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cache directory on this machine. Holds no file open and needs no closing. */
public final class LocalHubTree implements HubTree {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
  private static final long MAX_LISTING_BYTES = 256L << 20;

  private final HubLayout layout;
  private final Ground ground;
  private final CacheTag tag;
  private final LinkReader links;
  private final BlobLinks blobs;
  private final SnapshotLinks snapshots;
  private final HubLocks locks;

  private LocalHubTree(Ground ground, BlobStore store, HubLocks locks) {
    this.ground = ground;
    this.locks = locks;
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
    return open(hubDirectory, disk, store, LOCK_PATIENCE);
  }

  static HubTree open(Path hubDirectory, Disk disk, BlobStore store, Duration lockPatience) {
    Ground ground = new Ground(hubDirectory.toAbsolutePath().normalize(), disk);
    HubLocks locks = new HubLocks(ground, lockPatience);
    return new LocalHubTree(ground, store, locks);
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
  public Optional<Commit> ref(RepoId repo, Revision revision) {
    return read(
        "read ref %s of %s in".formatted(revision, repo),
        () ->
            ground
                .read(layout.ref(repo, revision), 40)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .filter(Commit::looksLike)
                .map(Commit::new));
  }

  @Override
  public boolean knownAbsent(RepoId repo, Commit commit, EntryPath path) {
    return read(
        "look for %s of %s in".formatted(path, repo),
        () -> ground.isFile(layout.noExist(repo, commit, path)));
  }

  @Override
  public Optional<List<ListedFile>> listing(RepoId repo, Commit commit) {
    return read(
        "read the listing of %s in".formatted(repo),
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
                ? Optional.of(RepoScan.found(path, file))
                : Optional.empty());
  }

  @Override
  public Path snapshot(RepoId repo, Commit commit) {
    return layout.snapshot(repo, commit);
  }

  @Override
  public List<FoundRepo> scan() {
    return read(
        "read",
        () -> {
          List<FoundRepo> found = new ArrayList<>();
          for (Path name : ground.disk.list(layout.root())) {
            Optional<RepoId> repo = repoOf(String.valueOf(name.getFileName()));
            if (repo.isPresent()) {
              new RepoScan(ground, links, repo.get()).run().ifPresent(found::add);
            }
          }
          return List.copyOf(found);
        });
  }

  private static Optional<RepoId> repoOf(String name) {
    try {
      RepoId repo = RepoId.ofFolder(name);
      return repo.folder().equals(name) ? Optional.of(repo) : Optional.empty();
    } catch (InvalidName _) {
      return Optional.empty(); // Not a repo's: the root has .locks, notes and others' folders too.
    }
  }

  @Override
  public Optional<FoundRepo> inspect(RepoId repo) {
    return read("read %s in".formatted(repo), () -> new RepoScan(ground, links, repo).run());
  }

  @Override
  public HubLock lock(RepoId repo, Identity identity) {
    return locks.lock(layout.lock(repo, identity));
  }

  /** Something done to files. */
  private interface Step {
    void run() throws IOException;
  }

  /** Something asked of files. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  private void write(String what, Step step) {
    read(
        what,
        () -> {
          tag.write();
          step.run();
          return true;
        });
  }

  private <T> T read(String what, Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw Refusal.of(what, layout.root(), e);
    } catch (InvalidPathException e) {
      throw new HubTreeException(
          "Tried to %s the cache %s but this process cannot write that name; start it in a UTF-8 locale (LC_ALL=C.UTF-8)."
              .formatted(what, layout.root()),
          e);
    }
  }
}
