package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeRepo;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The blob store that all repos of a cache share since huggingface_hub 2.0. */
final class ServeSharedBlobsTest extends SiteFixture {
  private static final String OTHER = "models--o--s";
  private static final String OTHERS = "/hf/o/s/resolve/main/weights.bin";
  private static final String XET = "c1".repeat(32);

  private final byte[] bytes = Bytes.of(41, 600_000);
  private final Digest digest = Bytes.digest(bytes);
  private PythonTree python = new PythonTree(Path.of("hub"));
  private Commit first = new Commit("0".repeat(40));
  private Commit second = first;
  private Path shared = Path.of("shared");

  @BeforeEach
  void putByPython() throws IOException {
    python = new PythonTree(root.resolve("hub"));
    repo.lfs("model.bin", bytes);
    first = repo.commit("main");
    FakeRepo other = hub.model("o/s");
    other.lfs("weights.bin", bytes);
    second = other.commit("main");
    shared = python.shared(FOLDER, first, "model.bin", digest.hex(), XET, bytes);
    python.shared(OTHER, second, "weights.bin", digest.hex(), XET, bytes);
    python.ref(FOLDER, first);
    python.ref(OTHER, second);
  }

  private VerifyReport verify(boolean repair) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.verify(new VerifyRequest(List.of(), repair), VerifyListener.NONE);
    }
  }

  private List<RepoListing> list() {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.list();
    }
  }

  private Path blob(String folder) {
    return root.resolve("hub").resolve(folder).resolve("blobs").resolve(digest.hex());
  }

  private void damageShared() throws IOException {
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rw-r--r--"));
    byte[] wrong = bytes.clone();
    wrong[77] ^= 1;
    Files.write(shared, wrong);
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("r--r--r--"));
  }

  @Test
  void files_areServedAsOneBlobAndTheSharedStoreStaysAsItWas() throws IOException {
    List<String> before = sharedStore();

    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get(OTHERS).body()).isEqualTo(bytes);
    restart();
    assertThat(get(OTHERS, "Range", "bytes=7-9").status()).isEqualTo(206);

    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().blobs()).hasSize(1);
    assertThat(sharedStore()).isEqualTo(before);
    assertThat(blob(FOLDER)).isSymbolicLink();
    assertThat(blob(OTHER)).isSymbolicLink();
    assertThat(Files.getAttribute(shared, "unix:nlink"))
        .as("one inode with the store")
        .isEqualTo(2);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void repos_areListedWithTheirSizesAndHashedOnce() {
    assertThat(list())
        .hasSize(2)
        .allSatisfy(
            listed -> {
              assertThat(listed.sizeBytes()).isEqualTo(bytes.length);
              assertThat(listed.problems()).isEmpty();
            });
    VerifyReport report = verify(false);
    assertThat(report.findings()).isEmpty();
    assertThat(report.bytes()).isEqualTo(bytes.length);
  }

  @Test
  void sharedFile_damaged_isFetchedOnceAndEveryRepoThatIsAskedForIsSound() throws IOException {
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    damageShared();

    assertThat(get(MODEL).body()).isEqualTo(bytes);
    restart(); // What comes in for the other repo meanwhile would be fetched for itself.
    assertThat(get(OTHERS).body()).isEqualTo(bytes);

    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length);
    stop();
    assertThat(python.snapshot(FOLDER, first).resolve("model.bin")).hasBinaryContent(bytes);
    assertThat(python.snapshot(OTHER, second).resolve("weights.bin")).hasBinaryContent(bytes);
    assertThat(shared).as("not Larder's to remove").exists();
    assertThat(stop().blobs()).hasSize(1);
  }

  @Test
  void verify_sharedFileDamaged_repairsEveryRepoThatUsesIt() throws IOException {
    damageShared();

    assertThat(verify(false).findings()).isNotEmpty();
    assertThat(verify(true).findings()).isNotEmpty().allMatch(Finding::repaired);
    assertThat(verify(true).findings()).isEmpty();

    assertThat(python.snapshot(FOLDER, first).resolve("model.bin")).hasBinaryContent(bytes);
    assertThat(python.snapshot(OTHER, second).resolve("weights.bin")).hasBinaryContent(bytes);
    assertThat(shared).exists();
  }

  @Test
  void sharedFile_ofWrongBytesUnderTheRightName_isServedToNobody() throws IOException {
    damageShared();
    start("ADOPTED", "public");
    hub.away();

    assertThat(get(MODEL).status()).isIn(502, 503, 504);
    assertThat(get(OTHERS).status()).isIn(502, 503, 504);
  }

  @Test
  void sharedFile_collectedByPython_isServedOnFromTheStore() throws IOException {
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    Files.delete(python.snapshot(OTHER, second).resolve("weights.bin"));
    Files.delete(blob(OTHER));
    Files.delete(blob(FOLDER));
    Files.delete(shared);

    assertThat(get(MODEL).body()).isEqualTo(bytes);

    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void blobLink_thatLeavesTheCache_isNotFollowed() throws IOException {
    Path outside = Files.write(root.resolve("outside"), bytes);
    Object before = Files.readAttributes(outside, "unix:ino,nlink,ctime,mode");
    Files.delete(blob(FOLDER));
    Files.createSymbolicLink(blob(FOLDER), Path.of("../../../outside"));
    start("ADOPTED", "public");
    hub.away();
    assertThat(get(MODEL).status()).isIn(502, 503, 504);

    hub.back();
    restart();
    assertThat(get(MODEL).body()).isEqualTo(bytes);

    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length);
    stop();
    assertThat(Files.readAttributes(outside, "unix:ino,nlink,ctime,mode")).isEqualTo(before);
    assertThat(Files.isSymbolicLink(blob(FOLDER))).isFalse();
  }

  @Test
  void tree_thatLarderFills_hasNoSharedStore() throws IOException {
    FakeRepo fresh = hub.model("o/fresh");
    fresh.lfs("model.bin", Bytes.of(42, 200_000));
    fresh.commit("main");
    List<String> before = sharedStore();
    assertThat(get("/hf/o/fresh/resolve/main/model.bin").status()).isEqualTo(200);
    stop();
    assertThat(sharedStore()).isEqualTo(before);
    assertThat(root.resolve("hub/models--o--fresh/blobs"))
        .isDirectoryContaining(blob -> Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS));
  }

  private List<String> sharedStore() throws IOException {
    try (var all = Files.walk(root.resolve("hub/blobs"))) {
      return all.sorted().map(file -> file + " " + text(file)).toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.isDirectory(file)
          ? ""
          : Files.getAttribute(file, "unix:ino")
              + " "
              + Files.getAttribute(file, "unix:mode")
              + " "
              + Bytes.digest(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
