package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            });
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
  void blobThatCannotBeRead_isAFindingAndTheOthersAreChecked() throws IOException {
    Digest broken = publish(FIRST, MODEL, Bytes.of(10, 1000));
    byte[] bytes = Bytes.of(11, 1000);
    Digest other = publish(FIRST, new EntryPath("other.bin"), bytes);
    put(inTree("blobs/" + other.hex()), damaged(bytes));
    disk.fail(FaultyDisk.Op.OPEN, broken.hex(), 1, "Input/output error");

    VerifyReport report = verify(false);

    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(Kind.UNREADABLE, Kind.DAMAGED_BLOB);
    assertThat(report.findings())
        .anySatisfy(found -> assertThat(found.detail()).contains("Input/output error"));
  }
}
