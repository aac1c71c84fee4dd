package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.RepoListing.State;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cache of a client that makes no symbolic links: the files themselves lie in the snapshot. */
final class ServeWithoutLinksTest extends SiteFixture {
  private static final String SMALL = "/hf/o/r/resolve/main/config.json";

  private final byte[] bytes = Bytes.of(51, 300_000);
  private final byte[] config = "{\"c\": 3}".getBytes();
  private Commit commit = new Commit("0".repeat(40));
  private Path model = Path.of("model");

  @BeforeEach
  void putByPython() throws IOException {
    PythonTree python = new PythonTree(root.resolve("hub"));
    repo.lfs("model.bin", bytes).file("config.json", config);
    commit = repo.commit("main");
    model = python.real(FOLDER, commit, "model.bin", bytes);
    python.real(FOLDER, commit, "config.json", config);
    python.ref(FOLDER, commit);
    String listing =
        "{\"format_version\":1,\"files\":{\"config.json\":{\"size\":%d,\"blob_id\":\"%s\"},"
            + "\"model.bin\":{\"size\":%d,\"blob_id\":\"%s\",\"lfs_sha256\":\"%s\",\"lfs_size\":%d}}}";
    PythonTree.put(
        root.resolve("hub").resolve(FOLDER).resolve("trees/" + commit + ".json"),
        listing
            .formatted(
                config.length,
                Bytes.gitId(config).hex(),
                bytes.length,
                "b".repeat(40),
                Bytes.digest(bytes).hex(),
                bytes.length)
            .getBytes());
  }

  private VerifyReport verify(boolean repair) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.verify(new VerifyRequest(List.of(), repair), VerifyListener.NONE);
    }
  }

  private void damage() throws IOException {
    Files.delete(model);
    byte[] wrong = bytes.clone();
    wrong[9] ^= 1;
    Files.write(model, wrong);
  }

  @Test
  void files_areServedWithoutADownloadAndStayFiles() throws IOException {
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get(SMALL).body()).isEqualTo(config);
    restart();
    assertThat(get(MODEL, "Range", "bytes=7-9").status()).isEqualTo(206);

    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().blobs()).hasSize(2);
    assertThat(Files.isSymbolicLink(model)).isFalse();
    assertThat(model).hasBinaryContent(bytes);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void files_hubAway_areServedWhereTheListingSaysWhatTheyAre() {
    start("ADOPTED", "public");
    hub.away();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get(SMALL).body()).isEqualTo(config);
  }

  /** The catalog knew of other repos then, and so is not filled from the tree. */
  @Test
  void files_thatCameWhileTheServerRan_hubAway_areServed() throws IOException {
    stop();
    hub.model("o/s").file("x", "x").commit("main");
    Files.move(root.resolve("hub").resolve(FOLDER), root.resolve("aside"));
    start("ADOPTED", "public");
    assertThat(get("/hf/o/s/resolve/main/x").status()).isEqualTo(200);
    Files.move(root.resolve("aside"), root.resolve("hub").resolve(FOLDER));
    hub.away();

    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get(SMALL).body()).isEqualTo(config);
  }

  @Test
  void repo_isListedWhole() {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      RepoListing listed = larder.list().getFirst();
      assertThat(listed.sizeBytes()).isEqualTo(bytes.length + config.length);
      assertThat(listed.state()).isEqualTo(State.COMPLETE);
      assertThat(listed.files()).extracting(CachedFile::sizeBytes).containsExactly(8L, 300_000L);
    }
  }

  @Test
  void file_damaged_isFoundRepairedAndNotServed() throws IOException {
    damage();
    assertThat(verify(false).findings()).hasSize(1);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length);
    stop();
    assertThat(model).hasBinaryContent(bytes);
    assertThat(verify(false).findings()).isEmpty();

    damage();
    assertThat(verify(true).findings()).isNotEmpty().allMatch(Finding::repaired);
    assertThat(verify(true).findings()).isEmpty();
    assertThat(model).hasBinaryContent(bytes);
  }
}
