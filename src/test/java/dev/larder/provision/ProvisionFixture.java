package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.provision.Archives.BackupRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.RestoreReport;
import dev.larder.provision.Archives.RestoreRequest;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Caches in directories, without a hub. */
abstract class ProvisionFixture {
  static final RepoId REPO = RepoId.model("o/r");
  static final String FOLDER = "models--o--r";
  static final Commit COMMIT = new Commit("1".repeat(40));
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-02-03T04:05:06Z"));
  static final HubFiles AWAY = (_, _) -> new HubFiles.Answer.Unreachable("nobody is asked");

  @TempDir Path directory;
  private final List<Site> sites = new ArrayList<>();

  @AfterEach
  void closeSites() {
    sites.forEach(Site::close);
  }

  /** A place for an archive or for what comes out of one. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** One root with its rooms. */
  record Site(Path root, Rooms rooms) implements AutoCloseable {
    Path hub() {
      return root.resolve("hub");
    }

    Archives archives() {
      return archives(AWAY);
    }

    Archives archives(HubFiles hub) {
      return new LocalArchives(List.of(rooms), _ -> rooms, hub);
    }

    BackupReport backup(Path file, RepoId... repos) {
      return archives().backup(new BackupRequest(file, List.of(repos), false), Follower.NONE);
    }

    RestoreReport restore(Path file) {
      return archives().restore(new RestoreRequest(file, false), Follower.NONE);
    }

    /** Nothing of any repo, in the store, in tmp, in the catalog, in the tree. */
    void assertEmpty() throws IOException {
      assertThat(rooms.store().list()).isEmpty();
      assertThat(rooms.store().space().reservedBytes()).isZero();
      assertThat(rooms.catalog().repos()).isEmpty();
      assertThat(rooms.catalog().refs(REPO)).isEmpty();
      assertThat(rooms.catalog().entries(REPO, COMMIT)).isEmpty();
      assertThat(rooms.tree().scan()).isEmpty();
      assertThat(files(root.resolve("larder/tmp"))).isEmpty();
    }

    @Override
    public void close() {
      rooms.catalog().close();
      rooms.store().close();
    }
  }

  Site site(String name) {
    return site(name, StoreLimits.none());
  }

  Site site(String name, StoreLimits limits) {
    return site(name, limits, new LocalDisk());
  }

  Site site(String name, StoreLimits limits, Disk disk) {
    Path root = directory.resolve(name);
    BlobStore store =
        LocalBlobStore.open(root.resolve("larder"), disk, new MemoryLedger(), limits, CLOCK);
    HubTree tree = LocalHubTree.open(root.resolve("hub"), disk, store);
    Catalog catalog = JdbiCatalog.openInMemory();
    Site site = new Site(root, new Rooms(store, catalog, tree, disk, _ -> {}, CLOCK));
    sites.add(site);
    return site;
  }

  /** As Python leaves it: a blob named by what it hashes to, and a link. */
  static Path put(Site site, Commit commit, String path, byte[] bytes, boolean large)
      throws IOException {
    Path folder = site.hub().resolve(FOLDER);
    String name = large ? Bytes.digest(bytes).hex() : gitId(bytes);
    Path blob = folder.resolve("blobs").resolve(name);
    Files.createDirectories(blob.getParent());
    if (Files.notExists(blob)) {
      Files.write(blob, bytes);
    }
    Path link = folder.resolve("snapshots").resolve(commit.hex()).resolve(path);
    Files.createDirectories(link.getParent());
    int depth = new EntryPath(path).depth();
    Files.createSymbolicLink(link, Path.of("../".repeat(depth + 2) + "blobs/" + name));
    return blob;
  }

  static void ref(Site site, String name, Commit commit) throws IOException {
    Path ref = site.hub().resolve(FOLDER).resolve("refs").resolve(name);
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, commit.hex());
  }

  static String gitId(byte[] bytes) {
    return GitBlobId.of(GitBlobId.hasher(bytes.length).digest(bytes)).hex();
  }

  /** A snapshot of a large and a small file. */
  Site filled(String name) throws IOException {
    Site site = site(name);
    put(site, COMMIT, "onnx/model.bin", Bytes.of(1, 300_000), true);
    put(site, COMMIT, "config.json", Bytes.of(2, 50), false);
    ref(site, "main", COMMIT);
    return site;
  }

  /** What each name in a snapshot reads as. */
  static Map<String, byte[]> snapshot(Path hub, Commit commit) throws IOException {
    Path snapshot = hub.resolve(FOLDER).resolve("snapshots").resolve(commit.hex());
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(snapshot)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(snapshot.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  static List<String> files(Path start) throws IOException {
    if (Files.notExists(start)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(start)) {
      return all.filter(f -> !Files.isDirectory(f))
          .map(f -> start.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  static void assertSameSnapshot(Path one, Path other) throws IOException {
    Map<String, byte[]> expected = snapshot(one, COMMIT);
    Map<String, byte[]> found = snapshot(other, COMMIT);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((path, bytes) -> assertThat(found.get(path)).as(path).isEqualTo(bytes));
    assertThat(other.resolve(FOLDER).resolve("refs/main")).hasContent(COMMIT.hex());
  }

  static Revision revision(String name) {
    return new Revision(name);
  }
}
