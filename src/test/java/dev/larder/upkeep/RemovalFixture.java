package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.ShownRow;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store, a tree and a catalog to remove from, filled as Larder or as Python fills them. */
abstract class RemovalFixture {
  static final RepoId REPO = RepoId.model("o/r");
  static final RepoId OTHER = RepoId.parse("datasets/o/other");
  static final Commit FIRST = new Commit("1".repeat(40));
  static final Commit SECOND = new Commit("2".repeat(40));
  static final Seclusion NOBODY_ELSE =
      new Seclusion() {
        @Override
        public void alone(RepoId repo, Runnable removal) {
          removal.run();
        }

        @Override
        public void removed(RepoId repo) {}
      };

  @TempDir Path directory;
  Path root;
  MemoryLedger ledger;
  BlobStore store;
  HubTree tree;
  Catalog catalog;
  Pins pins = Pins.NONE;

  /** As long after all that the test does as no download takes. */
  Duration later = Duration.ofMinutes(1);

  @BeforeEach
  void openAll() {
    root = directory.resolve("root");
    ledger = new MemoryLedger();
    open(LocalDisk.fenced(root.resolve("hub")));
  }

  void open(Disk disk) {
    store =
        LocalBlobStore.open(
            root.resolve("larder"), disk, ledger, StoreLimits.none(), InstantSource.system());
    tree = LocalHubTree.open(root.resolve("hub"), disk, store);
    catalog = JdbiCatalog.openInMemory();
  }

  @AfterEach
  void closeAll() {
    catalog.close();
    store.close();
  }

  Removals removals() {
    InstantSource clock = () -> InstantSource.system().instant().plus(later);
    Ballast none = new Ballast(new LocalDisk(), root.resolve("larder"), 0);
    return new Remover(store, tree, catalog, pins, NOBODY_ELSE, none, clock, "ann");
  }

  BlobRemoval blobRemoval() {
    return new LinkedBlobRemoval(store, tree, catalog, NOBODY_ELSE);
  }

  RemovalReport remove(String... targets) {
    return removals().apply(removals().plan(targets(targets)));
  }

  RemovalReport prune() {
    return removals().apply(removals().plan(new Pruning(Optional.empty(), Optional.empty())));
  }

  static List<VerifyTarget> targets(String... names) {
    return Stream.of(names).map(VerifyTarget::parse).toList();
  }

  /** As a pull does: large files are called after their SHA-256, others as git calls them. */
  Digest pulled(RepoId repo, Commit commit, String path, byte[] bytes) {
    Digest digest = Bytes.digest(bytes);
    Identity identity = identity(bytes);
    if (store.find(digest) instanceof dev.larder.store.Lookup.Absent) {
      try (StagedBlob staged = store.stage(digest, bytes.length, Map.of())) {
        staged.write(0, ByteBuffer.wrap(bytes));
        Digest _ = staged.commit();
      }
    }
    if (identity instanceof dev.larder.content.GitBlobId id) {
      catalog.pinBlob(id, digest);
    }
    EntryPath entry = new EntryPath(path);
    catalog.putEntries(
        List.of(
            new EntryRow(repo, commit, entry, identity, bytes.length, identity instanceof Digest)));
    catalog.putShown(new ShownRow(repo, commit, entry, identity, digest, true));
    tree.publish(repo, commit, entry, identity, digest);
    return digest;
  }

  static Identity identity(byte[] bytes) {
    return bytes.length > 100 ? Bytes.digest(bytes) : Bytes.gitId(bytes);
  }

  void ref(RepoId repo, String revision, Commit commit) {
    tree.writeRef(repo, new Revision(revision), commit);
  }

  /** As Python does where links work. */
  Path downloaded(RepoId repo, Commit commit, String path, byte[] bytes) {
    String name = identity(bytes).hex();
    Path blob = put(folder(repo).resolve("blobs").resolve(name), bytes);
    link(
        snapshot(repo, commit).resolve(path),
        "../".repeat(Path.of(path).getNameCount() + 1) + "blobs/" + name);
    return blob;
  }

  Path folder(RepoId repo) {
    return root.resolve("hub").resolve(repo.folder());
  }

  Path snapshot(RepoId repo, Commit commit) {
    return folder(repo).resolve("snapshots").resolve(commit.hex());
  }

  static Path put(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.exists(file) ? file : Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void link(Path name, String text) {
    try {
      Files.createDirectories(name.getParent());
      Files.createSymbolicLink(name, Path.of(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of tree and store as {@code du} counts them: every file once. */
  long used() {
    Map<Object, Long> sizes = new HashMap<>();
    for (String part : List.of("hub", "larder/store")) {
      files(root.resolve(part)).forEach(file -> sizes.put(inode(file), size(file)));
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Everything below that is no directory. */
  static List<Path> files(Path from) {
    if (!Files.isDirectory(from)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(from)) {
      return all.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object inode(Path file) {
    try {
      return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.isSymbolicLink(file) ? 0 : Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
