package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.store.BlobLease;
import dev.larder.store.LocalDisk;
import dev.larder.testing.Bytes;
import dev.larder.testing.FaultyDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class HubTreeWriteTest extends HubTreeFixture {
  @Test
  void snapshot_ofSeveralFiles_hasTheDocumentedLayout() throws IOException {
    Sample config = sample("{}");
    Sample weights = sample("weights");
    tree.publish(REPO, COMMIT, CONFIG, config.gitId(), config.digest());
    EntryPath deep = new EntryPath("sub/deep/x y.bin");
    tree.publish(REPO, COMMIT, deep, weights.digest(), weights.digest());
    tree.writeNoExist(REPO, COMMIT, new EntryPath("sub/missing.json"));
    tree.writeListing(REPO, COMMIT, List.of());
    tree.writeRef(REPO, Revision.MAIN, COMMIT);
    tree.writeRef(REPO, new Revision("refs/pr/1"), COMMIT);

    assertThat(names())
        .containsExactlyInAnyOrder(
            "CACHEDIR.TAG",
            "models--o--ok/blobs/" + config.gitId().hex(),
            "models--o--ok/blobs/" + weights.digest().hex(),
            "models--o--ok/refs/main",
            "models--o--ok/refs/refs/pr/1",
            "models--o--ok/snapshots/" + COMMIT + "/config.json",
            "models--o--ok/snapshots/" + COMMIT + "/sub/deep/x y.bin",
            "models--o--ok/.no_exist/" + COMMIT + "/sub/missing.json",
            "models--o--ok/trees/" + COMMIT + ".json");
    assertThat(Files.readSymbolicLink(snapshot("config.json")))
        .hasToString("../../blobs/" + config.gitId().hex());
    assertThat(Files.readSymbolicLink(snapshot("sub/deep/x y.bin")))
        .hasToString("../../../../blobs/" + weights.digest().hex());
    assertThat(snapshot("sub/deep/x y.bin")).hasContent("weights");
    assertThat(Files.isSameFile(snapshot("config.json"), store.path(config.digest()))).isTrue();
    assertThat(folder.resolve(".no_exist/" + COMMIT + "/sub/missing.json")).isEmptyFile();
  }

  @Test
  void folder_ofDatasetAndOfSingleName_isPythons() {
    Sample file = sample("x");
    tree.publish(RepoId.parse("datasets/a/b"), COMMIT, CONFIG, file.digest(), file.digest());
    tree.publish(RepoId.model("gpt2"), COMMIT, CONFIG, file.digest(), file.digest());

    assertThat(hub.resolve("datasets--a--b/snapshots")).isDirectory();
    assertThat(hub.resolve("models--gpt2/snapshots")).isDirectory();
  }

  @Test
  void tag_written_isPythonsText() {
    tree.writeRef(REPO, Revision.MAIN, COMMIT);

    assertThat(hub.resolve("CACHEDIR.TAG"))
        .hasSize(191)
        .content()
        .startsWith("Signature: 8a477f597d28d172789f06886806bc55\n");
  }

  @Test
  void tag_thatCouldNotBeWritten_isNotLeftEmpty() throws IOException {
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    disk.fail(FaultyDisk.Op.WRITE, CacheTag.NAME, 1, "No space left on device");
    HubTree full = LocalHubTree.open(hub, disk, store);

    assertThatThrownBy(() -> full.writeRef(REPO, Revision.MAIN, COMMIT))
        .isInstanceOf(HubTreeException.class);
    assertThat(hub.resolve(CacheTag.NAME)).doesNotExist();
    full.writeRef(REPO, Revision.MAIN, COMMIT);

    assertThat(hub.resolve(CacheTag.NAME)).hasContent(CacheTag.TEXT);
  }

  @Test
  void ref_thatCouldNotBeWritten_leavesNothingBehind() {
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    disk.fail(FaultyDisk.Op.WRITE, ".tmp", 1, "No space left on device");
    HubTree full = LocalHubTree.open(hub, disk, store);

    assertThatThrownBy(() -> full.writeRef(REPO, Revision.MAIN, COMMIT))
        .isInstanceOf(HubTreeException.class);

    assertThat(disk.allStruck()).isTrue();
    assertThat(folder.resolve("blobs")).isEmptyDirectory();
    assertThat(folder.resolve("refs")).isEmptyDirectory();
  }

  @Test
  void ref_written_isExactlyTheCommit() throws IOException {
    tree.writeRef(REPO, Revision.MAIN, OTHER);
    tree.writeRef(REPO, Revision.MAIN, COMMIT);

    assertThat(Files.readAllBytes(folder.resolve("refs/main"))).hasSize(40);
    assertThat(folder.resolve("refs/main")).hasContent(COMMIT.hex());
    assertThat(tree.ref(REPO, Revision.MAIN)).contains(COMMIT);
    assertThat(folder.resolve("snapshots/" + COMMIT)).isDirectory();
    assertThat(names()).noneMatch(TempNames::is);
  }

  @Test
  void ref_ofACommit_isNotWrittenButItsSnapshotIsMade() {
    tree.writeRef(REPO, new Revision(COMMIT.hex()), COMMIT);

    assertThat(folder.resolve("refs")).doesNotExist();
    assertThat(folder.resolve("snapshots/" + COMMIT)).isDirectory();
  }

  @Test
  void ref_writtenAgain_touchesNothing() throws IOException {
    tree.writeRef(REPO, Revision.MAIN, COMMIT);
    Path ref = folder.resolve("refs/main");
    Object before = Files.readAttributes(ref, "unix:ino,ctime");

    tree.writeRef(REPO, Revision.MAIN, COMMIT);

    assertThat(Files.readAttributes(ref, "unix:ino,ctime")).isEqualTo(before);
  }

  @Test
  void publish_again_touchesNothing() throws IOException {
    Sample file = sample("x");
    tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());
    Object blob = Files.readAttributes(blob(file.gitId().hex()), "unix:ino,nlink,ctime");
    Object link =
        Files.readAttributes(snapshot("config.json"), "unix:ino,ctime", LinkOption.NOFOLLOW_LINKS);

    tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());

    assertThat(Files.readAttributes(blob(file.gitId().hex()), "unix:ino,nlink,ctime"))
        .isEqualTo(blob);
    assertThat(
            Files.readAttributes(
                snapshot("config.json"), "unix:ino,ctime", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(link);
  }

  @Test
  void publish_overPythonsRightFile_keepsIt() throws IOException {
    Sample file = sample("right");
    put(blob(file.gitId().hex()), "right");
    Object inode = Files.getAttribute(blob(file.gitId().hex()), "unix:ino");

    tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());

    assertThat(Files.getAttribute(blob(file.gitId().hex()), "unix:ino")).isEqualTo(inode);
    assertThat(snapshot("config.json")).hasContent("right");
  }

  @Test
  void publish_overPythonsWrongFile_replacesIt() throws IOException {
    Sample file = sample("right");
    for (String wrong : List.of("wrong", "longer than it should be", "")) {
      Files.deleteIfExists(blob(file.gitId().hex()));
      put(blob(file.gitId().hex()), wrong);

      tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());

      assertThat(snapshot("config.json")).hasContent("right");
    }
    assertThat(names()).noneMatch(TempNames::is);
  }

  @Test
  void publish_overAFileThatChangedSinceItWasHashed_hashesItAgain() throws IOException {
    Sample file = sample("right");
    Path blob = put(blob(file.gitId().hex()), "right");
    tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());
    FileTime modified = Files.getLastModifiedTime(blob);
    Files.writeString(blob, "wrong");
    Files.setLastModifiedTime(blob, modified);

    tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());

    assertThat(blob).hasContent("right");
  }

  @Test
  void publish_overWrongAndDanglingLinks_replacesThem() throws IOException {
    Sample file = sample("right");
    for (String wrong : List.of("../../blobs/" + "0".repeat(40), "/etc/hostname", "loop.json")) {
      Files.deleteIfExists(snapshot("config.json"));
      link(snapshot("config.json"), wrong);

      tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());

      assertThat(Files.readSymbolicLink(snapshot("config.json")))
          .hasToString("../../blobs/" + file.gitId().hex());
    }
    assertThat(names()).noneMatch(TempNames::is);
  }

  @Test
  void publish_overARealFileInTheSnapshot_keepsTheRightAndReplacesTheWrong() throws IOException {
    Sample file = sample("right");
    put(snapshot("config.json"), "right");
    tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());
    assertThat(Files.isSymbolicLink(snapshot("config.json"))).isFalse();

    Files.writeString(snapshot("config.json"), "wrong");
    tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());
    assertThat(Files.isSymbolicLink(snapshot("config.json"))).isTrue();
  }

  @Test
  void publish_whereTheBlobLeadsIntoTheSharedStore_keepsTheRightAndNeverTouchesTheShared()
      throws IOException {
    Sample file = sample("right");
    Path shared = put(hub.resolve("blobs/ab/abcdef"), "right");
    link(blob(file.digest().hex()), "../../blobs/ab/abcdef");
    tree.publish(REPO, COMMIT, CONFIG, file.digest(), file.digest());
    assertThat(Files.isSymbolicLink(blob(file.digest().hex()))).isTrue();

    Files.writeString(shared, "wrong");
    tree.publish(REPO, COMMIT, CONFIG, file.digest(), file.digest());
    assertThat(Files.isSymbolicLink(blob(file.digest().hex()))).isFalse();
    assertThat(snapshot("config.json")).hasContent("right");
    assertThat(shared).hasContent("wrong");
  }

  @Test
  void publish_onAnotherFileSystem_copiesOnce(@TempDir(factory = InMemory.class) Path other)
      throws IOException {
    assumeThat(Files.getFileStore(other)).isNotEqualTo(Files.getFileStore(directory));
    hub = other.resolve("hub");
    folder = hub.resolve("models--o--ok");
    HubTree copying = LocalHubTree.open(hub, new LocalDisk(), store);
    Sample file = sample("right");
    copying.publish(REPO, COMMIT, CONFIG, file.digest(), file.digest());
    Object first = Files.getAttribute(blob(file.digest().hex()), "unix:ino");
    copying.publish(REPO, COMMIT, CONFIG, file.digest(), file.digest());

    assertThat(blob(file.digest().hex())).hasContent("right");
    assertThat(Files.getAttribute(blob(file.digest().hex()), "unix:ino")).isEqualTo(first);
    Files.delete(blob(file.digest().hex()));
    put(blob(file.digest().hex()), "wrong");
    copying.publish(REPO, COMMIT, CONFIG, file.digest(), file.digest());
    assertThat(blob(file.digest().hex())).hasContent("right");
    assertThat(names()).noneMatch(TempNames::is);
  }

  /** Linux keeps another file system in memory there. */
  static final class InMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.isWritable(MEMORY)
          ? Files.createTempDirectory(MEMORY, "larder")
          : Files.createTempDirectory("larder");
    }
  }

  /** A hot blob stays hot: the new name does not make the store hash it again. */
  @Test
  void publish_ofABlobThatIsBeingRead_leavesItsFingerprintInStep() throws IOException {
    Sample file = sample("right");
    try (BlobLease lease = store.lease(file.digest()).orElseThrow()) {
      assertThat(lease.sizeBytes()).isEqualTo(5);
      tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());
      assertThat(store.isOpen(file.digest())).isTrue();

      Files.delete(blob(file.gitId().hex()));
      store.relinked(file.digest());
      put(blob(file.gitId().hex()), "wrong");
      tree.publish(REPO, COMMIT, CONFIG, file.gitId(), file.digest());
      assertThat(store.isOpen(file.digest())).isTrue();
    }
  }

  @Test
  void publish_ofAnAdoptedFile_findsItInPlace() throws IOException {
    byte[] bytes = "adopted".getBytes(StandardCharsets.UTF_8);
    Digest digest = Bytes.digest(bytes);
    Path pythons = put(blob(digest.hex()), "adopted");
    link(snapshot("config.json"), "../../blobs/" + digest.hex());
    HubTree.FoundFile found = tree.find(REPO, COMMIT, CONFIG).orElseThrow();
    store.adopt(found.file(), found.identity().orElseThrow());
    Object before = Files.readAttributes(pythons, "unix:ino,nlink,ctime");

    tree.publish(REPO, COMMIT, CONFIG, digest, digest);

    assertThat(Files.readAttributes(pythons, "unix:ino,nlink,ctime")).isEqualTo(before);
    assertThat(Files.isSameFile(pythons, store.path(digest))).isTrue();
  }

  @Test
  void publish_blobMissingInTheStore_isRefused() {
    assertThatThrownBy(
            () ->
                tree.publish(
                    REPO, COMMIT, CONFIG, new Digest("9".repeat(64)), new Digest("9".repeat(64))))
        .isInstanceOf(HubTreeException.class)
        .hasMessageContaining("9".repeat(64));
    assertThat(snapshot("config.json")).doesNotExist();
  }

  @Test
  void publish_throughAPlantedDirectoryLink_isRefused() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Sample file = sample("x");
    for (String planted :
        List.of("blobs", "snapshots", "snapshots/" + COMMIT, "snapshots/" + COMMIT + "/sub")) {
      Path at = folder.resolve(planted);
      link(at, outside.toString());

      assertThatThrownBy(
              () ->
                  tree.publish(REPO, COMMIT, new EntryPath("sub/x"), file.digest(), file.digest()))
          .as(planted)
          .isInstanceOf(HubTreeException.class)
          .hasMessageContaining("not followed");
      assertThat(outside).isEmptyDirectory();
      Files.delete(at);
    }
  }

  @Test
  void writeRef_throughAPlantedLink_isRefusedAndALinkInItsPlaceReplaced() throws IOException {
    Path outside = put(directory.resolve("outside/main"), "precious");
    link(folder.resolve("refs"), outside.getParent().toString());
    assertThatThrownBy(() -> tree.writeRef(REPO, Revision.MAIN, COMMIT))
        .isInstanceOf(HubTreeException.class);
    Files.delete(folder.resolve("refs"));
    link(folder.resolve("refs/main"), outside.toString());

    tree.writeRef(REPO, Revision.MAIN, COMMIT);

    assertThat(outside).hasContent("precious");
    assertThat(folder.resolve("refs/main")).isRegularFile().hasContent(COMMIT.hex());
  }

  @Test
  void listing_writtenOverPythonsOwn_keepsWhatSaysTheSame() throws IOException {
    ListedFile file = new ListedFile(CONFIG, 2, "b".repeat(40), Optional.empty());
    Path trees = folder.resolve("trees/" + COMMIT + ".json");
    String pythons =
        "{\"format_version\":1,\"files\":{\"config.json\":{\"size\":2,\"blob_id\":\"%s\",\"xet_hash\":\"x\"}}}"
            .formatted("b".repeat(40));
    put(trees, pythons);
    tree.writeListing(REPO, COMMIT, List.of(file));
    assertThat(trees).hasContent(pythons);

    put(trees, "{torn");
    tree.writeListing(REPO, COMMIT, List.of(file));
    assertThat(tree.listing(REPO, COMMIT)).contains(List.of(file));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.walk(hub)) {
      return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> hub.relativize(path).toString())
          .toList();
    }
  }
}
