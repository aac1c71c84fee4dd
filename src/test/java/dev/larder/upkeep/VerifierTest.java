package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.Lookup;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.FaultyDisk;
import dev.larder.testing.MemoryLedger;
import dev.larder.upkeep.Finding.Kind;
import dev.larder.upkeep.Finding.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verification looks at, without a hub. */
class VerifierTest {
  private static final RepoId REPO = RepoId.model("o/r");
  private static final Commit FIRST = new Commit("1".repeat(40));
  private static final Commit SECOND = new Commit("2".repeat(40));
  private static final EntryPath MODEL = new EntryPath("model.bin");

  @TempDir Path root;
  private final FaultyDisk disk = new FaultyDisk(new LocalDisk());
  private BlobStore store;
  private HubTree tree;
  private Catalog catalog;
  private Verifier verifier;

  @BeforeEach
  void open() {
    store =
        LocalBlobStore.open(
            root.resolve("larder"),
            disk,
            new MemoryLedger(),
            StoreLimits.none(),
            InstantSource.system());
    tree = LocalHubTree.open(root.resolve("hub"), disk, store);
    catalog = JdbiCatalog.openInMemory();
    verifier =
        new Verifier(
            store,
            tree,
            catalog,
            new Verifier.Refetch() {
              @Override
              public void fetch(RepoId repo, Commit commit, EntryPath path) {
                throw new AssertionError("nobody is asked for " + path);
              }

              @Override
              public Commit resolve(RepoId repo, Revision revision) {
                throw new AssertionError("nobody is asked for " + revision);
              }
            },
            InstantSource.system());
  }

  @AfterEach
  void close() {
    catalog.close();
    store.close();
  }

  private Digest publish(Commit commit, EntryPath path, byte[] bytes) {
    Digest digest = Bytes.digest(bytes);
    try (StagedBlob staged = store.stage(digest, bytes.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(bytes));
      Digest _ = staged.commit();
    }
    tree.publish(REPO, commit, path, digest, digest);
    return digest;
  }

  private Path inTree(String path) {
    return root.resolve("hub/models--o--r").resolve(path);
  }

  private static byte[] damaged(byte[] bytes) {
    byte[] wrong = bytes.clone();
    wrong[wrong.length / 2] ^= 1;
    return wrong;
  }

  /** Puts a file of its own where a link was. */
  private static void put(Path file, byte[] bytes) throws IOException {
    Files.delete(file);
    Files.write(file, bytes);
  }

  private VerifyReport verify(boolean repair, String... targets) {
    return verifier.verify(request(repair, targets), VerifyListener.NONE);
  }

  private static VerifyRequest request(boolean repair, String... targets) {
    return new VerifyRequest(List.of(targets).stream().map(VerifyTarget::read).toList(), repair);
  }

  @Test
  void copyOfABlob_isLookedAtAndReplacedFromTheStore() throws IOException {
    byte[] bytes = Bytes.of(1, 300_000);
    Digest digest = publish(FIRST, MODEL, bytes);
    Path copy = inTree("blobs/" + digest.hex());
    put(copy, bytes);
    assertThat(verify(false).findings()).isEmpty();
    assertThat(verify(false).blobs()).isEqualTo(2);
    put(copy, damaged(bytes));

    assertThat(verify(false).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.kind()).isEqualTo(Kind.DAMAGED_BLOB));
    assertThat(verify(true).findings()).extracting(Finding::outcome).containsOnly(Outcome.REPAIRED);
    assertThat(copy).hasBinaryContent(bytes);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void realFileInASnapshot_isHashedAsTheListingSays() throws IOException {
    byte[] bytes = Bytes.of(2, 50_000);
    Digest digest = publish(FIRST, MODEL, bytes);
    tree.writeListing(
        REPO,
        FIRST,
        List.of(new ListedFile(MODEL, bytes.length, "0".repeat(40), Optional.of(digest))));
    put(inTree("snapshots/" + FIRST + "/model.bin"), damaged(bytes));

    assertThat(verify(false).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.detail()).contains(digest.hex()));
  }

  @Test
  void realFileThatNobodyKnows_isNotCountedAsChecked() throws IOException {
    publish(FIRST, MODEL, Bytes.of(3, 1000));
    Files.writeString(inTree("snapshots/" + FIRST + "/notes.txt"), "who knows");

    assertThat(verify(false).blobs()).isEqualTo(1);
  }

  @Test
  void targets_severalOfOneRepo_areAllLookedAt() throws IOException {
    publish(FIRST, MODEL, Bytes.of(4, 1000));
    byte[] second = Bytes.of(5, 1000);
    Digest digest = publish(SECOND, MODEL, second);
    put(inTree("blobs/" + digest.hex()), damaged(second));

    VerifyReport report = verify(false, "o/r@" + FIRST, "o/r@" + SECOND);

    assertThat(report.blobs()).isEqualTo(3);
    assertThat(report.findings()).hasSize(1);
    assertThat(verify(false, "o/r@" + FIRST).blobs()).isEqualTo(1);
  }

  @Test
  void target_aFileOrAFolder_isLookedAtAlone() {
    publish(FIRST, MODEL, Bytes.of(6, 1000));
    publish(FIRST, new EntryPath("onnx/a.onnx"), Bytes.of(7, 2000));
    publish(FIRST, new EntryPath("onnx/b.onnx"), Bytes.of(8, 4000));

    assertThat(verify(false, "o/r:model.bin").bytes()).isEqualTo(1000);
    assertThat(verify(false, "o/r@" + FIRST + ":onnx/").bytes()).isEqualTo(6000);
    assertThatThrownBy(() -> verify(false, "o/r:absent.bin"))
        .isInstanceOf(NotCached.class)
        .hasMessageContaining("absent.bin");
  }

  @Test
  void progress_insideALargeFile_isTold() {
    publish(FIRST, MODEL, Bytes.of(9, 20_000_000));
    List<Long> told = new ArrayList<>();

    verifier.verify(
        request(false),
        new VerifyListener() {
          @Override
          public void progress(String name, long checkedBytes, long totalBytes) {
            assertThat(name).contains("model.bin");
            assertThat(totalBytes).isEqualTo(20_000_000);
            told.add(checkedBytes);
          }
        });

    assertThat(told).hasSizeGreaterThan(2).isSorted().endsWith(20_000_000L);
  }

  @Test
  void fileAmongTheShards_isAStrayAndTheBlobsAreChecked() throws IOException {
    byte[] bytes = Bytes.of(12, 1000);
    Digest digest = publish(FIRST, MODEL, bytes);
    Path notes = store.path(digest).getParent().resolveSibling("notes.txt");
    Files.writeString(notes, "who put this here");
    rewrite(digest, damaged(bytes));

    assertThat(verify(false).findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(Kind.STRAY, Kind.DAMAGED_BLOB);
    assertThat(store.audit(true))
        .singleElement()
        .satisfies(stray -> assertThat(stray.settled()).isTrue());
    assertThat(notes).doesNotExist();
    assertThat(store.quarantined()).extracting("name").containsExactly("notes_txt");
  }

  @Test
  void blobThatMayNotBeRead_isAFindingAndTheOthersAreChecked() throws IOException {
    Digest broken = publish(FIRST, MODEL, Bytes.of(10, 1000));
    byte[] bytes = Bytes.of(11, 1000);
    Digest other = publish(FIRST, new EntryPath("other.bin"), bytes);
    put(inTree("blobs/" + other.hex()), damaged(bytes));
    disk.fail(FaultyDisk.Op.OPEN, broken.hex(), 1, "Too many open files");

    VerifyReport report = verify(false);

    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(Kind.UNREADABLE, Kind.DAMAGED_BLOB);
    assertThat(report.findings())
        .anySatisfy(found -> assertThat(found.detail()).contains("Too many open files"));
    assertThat(report.blobs()).as("what was not read was not checked").isEqualTo(2);
    assertThat(report.bytes()).isEqualTo(2000);
  }

  private void rewrite(Digest digest, byte[] bytes) throws IOException {
    Path file = store.path(digest);
    FileTime modified = Files.getLastModifiedTime(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, modified);
  }

  /** Truncated, grown, zeroed, exchanged with another; each with the old time put back. */
  @Test
  void everyWayToBeWrong_isFoundAndNothingElse() throws IOException {
    List<byte[]> bytes = new ArrayList<>();
    List<Digest> blobs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      bytes.add(Bytes.of(100 + i, 70_000));
      blobs.add(publish(FIRST, new EntryPath("f" + i), bytes.get(i)));
    }
    rewrite(blobs.get(0), damaged(bytes.get(0)));
    rewrite(blobs.get(1), Arrays.copyOf(bytes.get(1), 69_999));
    rewrite(blobs.get(2), Arrays.copyOf(bytes.get(2), 70_001));
    rewrite(blobs.get(3), new byte[70_000]);
    rewrite(blobs.get(4), bytes.get(5));
    rewrite(blobs.get(5), bytes.get(4));
    rewrite(blobs.get(6), new byte[0]);

    assertThat(verify(false).findings())
        .allMatch(found -> found.kind() == Kind.DAMAGED_BLOB)
        .extracting(Finding::subject)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 7).mapToObj(i -> "o/r@1111111/f" + i).toList());
  }

  /** Both blobs are sound, and the wrong one of them has the name. */
  @Test
  void linkToAnotherBlobOfTheRepo_isFoundAndPutRightWithoutTheHub() throws IOException {
    byte[] right = Bytes.of(20, 5000);
    Digest digest = publish(FIRST, MODEL, right);
    Digest other = publish(FIRST, new EntryPath("other.bin"), Bytes.of(21, 5000));
    catalog.putEntries(
        List.of(new Catalog.EntryRow(REPO, FIRST, MODEL, digest, right.length, true)));
    Path link = inTree("snapshots/" + FIRST + "/model.bin");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("../../blobs/" + other.hex()));

    assertThat(verify(false).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.kind()).isEqualTo(Kind.REWRITTEN_LINK))
        .satisfies(found -> assertThat(found.subject()).isEqualTo("o/r@1111111/model.bin"))
        .satisfies(found -> assertThat(found.detail()).contains(digest.hex(), other.hex()));
    assertThat(verify(true).sound()).isTrue();
    assertThat(link).hasBinaryContent(right);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void linkToAnotherBlob_onlyTheListingKnows_isFound() throws IOException {
    Digest digest = publish(FIRST, MODEL, Bytes.of(22, 5000));
    Digest other = publish(FIRST, new EntryPath("other.bin"), Bytes.of(23, 5000));
    tree.writeListing(
        REPO, FIRST, List.of(new ListedFile(MODEL, 5000, "0".repeat(40), Optional.of(digest))));
    Path link = inTree("snapshots/" + FIRST + "/model.bin");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("../../blobs/" + other.hex()));

    assertThat(verify(false, "o/r").findings())
        .singleElement()
        .satisfies(found -> assertThat(found.kind()).isEqualTo(Kind.REWRITTEN_LINK));
  }

  @Test
  void whatDoesNotBelongIntoTheStore_isToldAndPutInOrder() throws IOException {
    Digest digest = publish(FIRST, MODEL, Bytes.of(24, 1000));
    byte[] unknown = Bytes.of(25, 1000);
    Path shard =
        Files.createDirectories(
            root.resolve("larder/store/sha256/" + Bytes.digest(unknown).shard()));
    Files.write(shard.resolve(Bytes.digest(unknown).hex()), unknown);
    byte[] wrong = Bytes.of(26, 1000);
    shard =
        Files.createDirectories(root.resolve("larder/store/sha256/" + Bytes.digest(wrong).shard()));
    Files.write(shard.resolve(Bytes.digest(wrong).hex()), damaged(wrong));
    Files.writeString(store.path(digest).resolveSibling("notes.txt"), "no blob");
    Files.writeString(root.resolve("larder/tmp/0123.part"), "an attempt of nobody");
    try (StagedBlob staged = store.stage(Bytes.digest(Bytes.of(27, 500)), 500, Map.of())) {
      staged.write(0, ByteBuffer.wrap(Bytes.of(27, 250)));

      assertThat(verify(false).findings())
          .extracting(Finding::kind, Finding::outcome)
          .containsExactlyInAnyOrder(
              tuple(Kind.UNRECORDED_FILE, Outcome.REPAIRED),
              tuple(Kind.UNRECORDED_FILE, Outcome.QUARANTINED),
              tuple(Kind.STRAY, Outcome.LEFT),
              tuple(Kind.LEFTOVER, Outcome.LEFT));
      assertThat(verify(true).findings())
          .extracting(Finding::kind, Finding::outcome)
          .containsExactlyInAnyOrder(
              tuple(Kind.STRAY, Outcome.REPAIRED), tuple(Kind.LEFTOVER, Outcome.REPAIRED));
      assertThat(verify(false).findings()).as("an attempt under way is nothing odd").isEmpty();
    }
    assertThat(store.find(Bytes.digest(unknown))).isInstanceOf(Lookup.Present.class);
  }

  @Test
  void blobThatIsRemovedMeanwhile_isNotReported() throws IOException {
    byte[] bytes = Bytes.of(28, 1000);
    Digest going = publish(FIRST, MODEL, bytes);
    Files.delete(inTree("snapshots/" + FIRST + "/model.bin"));
    Digest first = publish(FIRST, new EntryPath("large.bin"), Bytes.of(29, 3_000_000));
    disk.watch(
        FaultyDisk.Op.OPEN,
        first.hex(),
        () -> {
          BlobStore.Removal _ = store.remove(going);
        });

    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void soundBlobs_areNotedAsChecked() throws IOException {
    Digest sound = publish(FIRST, MODEL, Bytes.of(30, 1000));
    byte[] bytes = Bytes.of(31, 1000);
    Digest wrong = publish(FIRST, new EntryPath("other.bin"), bytes);
    rewrite(wrong, damaged(bytes));

    assertThat(verify(false).hashingMillis()).isPositive();

    assertThat(catalog.checks().checked()).containsOnlyKeys(sound);
  }
}
