package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Files that Python downloaded into the tree before. */
final class ServeAdoptedTest extends SiteFixture {
  /** Takes no room, and a minute or so to hash. */
  private static final long HOLE_BYTES = 64L << 30;

  private static final String SUB = "onnx/model.bin";

  private final byte[] bytes = Bytes.of(4, 500_000);
  private final byte[] config = "{\"b\": 2}".getBytes(StandardCharsets.UTF_8);
  private Commit commit = new Commit("0".repeat(40));

  /** As huggingface_hub writes it. */
  private void putByPython(byte[] model) throws IOException {
    repo.lfs("model.bin", bytes).lfs(SUB, bytes).file("config.json", config);
    commit = repo.commit("main");
    Path folder = root.resolve("hub").resolve(FOLDER);
    String sha = Bytes.digest(bytes).hex();
    String git = Bytes.gitId(config).hex();
    Files.createDirectories(folder.resolve("blobs"));
    Files.write(folder.resolve("blobs").resolve(sha), model);
    Files.write(folder.resolve("blobs").resolve(git), config);
    Path snapshot = folder.resolve("snapshots").resolve(commit.hex());
    Files.createDirectories(snapshot.resolve("onnx"));
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("../../blobs/" + sha));
    Files.createSymbolicLink(snapshot.resolve(SUB), Path.of("../../../blobs/" + sha));
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/" + git));
    Files.createDirectories(folder.resolve("refs"));
    Files.writeString(folder.resolve("refs/main"), commit.hex());
  }

  @Test
  void files_ofPython_areServedWithoutADownload() throws IOException {
    putByPython(bytes);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get("/hf/o/r/resolve/main/" + SUB).body()).isEqualTo(bytes);
    assertThat(get("/hf/o/r/resolve/main/config.json").body()).isEqualTo(config);
    assertThat(get(MODEL, "Range", "bytes=7-9").status()).isEqualTo(206);
    assertThat(hub.fileBytesSent()).isZero();
    OnDisk disk = stop();
    assertThat(disk.blobs()).hasSize(2);
    assertThat(OnDisk.bytes(disk.inTree(FOLDER, "snapshots/" + commit + "/model.bin")))
        .isEqualTo(bytes);
    assertThat(OnDisk.bytes(disk.inTree(FOLDER, "snapshots/" + commit + "/" + SUB)))
        .isEqualTo(bytes);
  }

  @Test
  void files_onceAdopted_areServedWithTheHubAway() throws IOException {
    putByPython(bytes);
    get(MODEL);
    restart();
    clock.pass(Duration.ofSeconds(61));
    hub.away();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get("/hf/o/r/resolve/main/config.json").body()).isEqualTo(config);
  }

  @Test
  void file_ofWrongContent_isNotServedAndIsReplaced() throws IOException {
    byte[] wrong = bytes.clone();
    wrong[1000] ^= 1;
    putByPython(wrong);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length);
    OnDisk disk = stop();
    assertThat(disk.blobs()).hasSize(1);
    assertThat(OnDisk.bytes(disk.inTree(FOLDER, "snapshots/" + commit + "/model.bin")))
        .isEqualTo(bytes);
    assertThat(OnDisk.bytes(disk.inTree(FOLDER, "snapshots/" + commit + "/" + SUB)))
        .isEqualTo(bytes);
  }

  @Test
  void file_ofWrongContent_hubAway_isServedToNobody() throws IOException {
    byte[] wrong = bytes.clone();
    wrong[1000] ^= 1;
    putByPython(wrong);
    start("ADOPTED", "public");
    hub.away();
    assertThat(get(MODEL).status()).isIn(502, 503, 504);
    assertThat(get("/hf/o/r/resolve/main/config.json").body()).isEqualTo(config);
  }

  @Test
  void files_neverAskedAbout_hubAway_areGivenOnlyWhenTheSettingSaysSo() throws IOException {
    putByPython(bytes);
    hub.away();
    assertThat(get(MODEL).status()).isIn(502, 503, 504);
    restart("ADOPTED", "public");
    Got got = get(MODEL);
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(got.cache()).isEqualTo("STALE");
  }

  @Test
  void stop_whileAFileIsHashed_endsThatAndHashesItAfterwards() throws IOException {
    putByPython(bytes);
    Path blob = root.resolve("hub").resolve(FOLDER).resolve("blobs/" + Bytes.digest(bytes).hex());
    try (var file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.setLength(HOLE_BYTES);
    }
    CompletableFuture<Got> got = getting(MODEL);
    awaitHashing();
    stop();
    assertThat(hashing()).isEmpty();
    assertThat(got).failsWithin(Duration.ofSeconds(20));
    Files.write(blob, bytes);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
  }

  private static void awaitHashing() {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (hashing().isEmpty()) {
      assertThat(System.nanoTime()).as("the file is hashed").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static List<Thread> hashing() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("larder-tree-hasher-"))
        .toList();
  }
}
