package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import dev.larder.testing.Bytes;
import dev.larder.testing.OtherFileSystem;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.Finding.Outcome;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that Python downloaded to where the store can make no link to them. */
final class ServeInPlaceTest extends SiteFixture {
  private final byte[] bytes = Bytes.of(4, 500_000);
  private final Digest digest = Bytes.digest(bytes);
  private OtherFileSystem other;
  private Path hubCache;
  private Path blob;

  @BeforeEach
  void putByPython() throws IOException {
    other = OtherFileSystem.than(root);
    hubCache = other.directory().resolve("hub");
    repo.lfs("model.bin", bytes);
    Commit commit = repo.commit("main");
    Path folder = hubCache.resolve(FOLDER);
    blob = folder.resolve("blobs").resolve(digest.hex());
    Path snapshot = folder.resolve("snapshots").resolve(commit.hex());
    Files.createDirectories(folder.resolve("blobs"));
    Files.createDirectories(snapshot);
    Files.createDirectories(folder.resolve("refs"));
    Files.write(blob, bytes);
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("../../blobs/" + digest.hex()));
    Files.writeString(folder.resolve("refs/main"), commit.hex());
    start();
  }

  /** As set in the environment: a flag for the root would move the tree below it. */
  @Override
  Settings settings(String... more) {
    Map<String, String> environment =
        Map.of(
            "LARDER_HOME",
            root.toString(),
            "HF_HUB_CACHE",
            hubCache.toString(),
            "LARDER_PORT",
            "0",
            "LARDER_HUB_UPSTREAM",
            hub.uri().toString(),
            "LARDER_ALLOW_PRIVATE",
            "127.0.0.0/8",
            "LARDER_MIN_FREE",
            "1MB");
    return Settings.load(new SettingSources(Map.of(), environment, root, root));
  }

  @AfterEach
  void clear() throws IOException {
    stop();
    if (other != null) {
      other.close();
    }
  }

  private VerifyReport verify(boolean repair) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.verify(new VerifyRequest(List.of(), repair), VerifyListener.NONE);
    }
  }

  private byte[] damaged() {
    byte[] wrong = bytes.clone();
    wrong[1000] ^= 1;
    return wrong;
  }

  @Test
  void file_isServedWithoutADownloadAndWithoutACopy() throws IOException {
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get(MODEL, "Range", "bytes=7-9").status()).isEqualTo(206);
    restart();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
    OnDisk disk = stop();
    assertThat(disk.blobs()).isEmpty();
    assertThat(Files.getAttribute(blob, "unix:nlink")).isEqualTo(1);
    assertThat(Files.isWritable(blob)).isTrue();
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void file_rewrittenInPlace_isNotServedAndFetchedInstead() throws IOException {
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    Files.write(blob, damaged());
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length);
    assertThat(stop().blobs()).hasSize(1);
  }

  @Test
  void verify_fileRewritten_saysSoAndRepairFetchesIt() throws IOException {
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    stop();
    Files.write(blob, damaged());
    assertThat(verify(false).findings())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.outcome()).isEqualTo(Outcome.LEFT);
              assertThat(found.detail()).contains(blob.toString(), "served where it is");
            });
    assertThat(verify(true).findings()).extracting(Finding::repaired).containsExactly(true);
    assertThat(verify(false).findings()).isEmpty();
    assertThat(Files.readAllBytes(blob)).isEqualTo(bytes);
  }

  @Test
  void verify_ownerRemovedTheFile_findsNothingWrongWithTheStore() throws IOException {
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    stop();
    other.empty();
    assertThat(verify(false).findings()).isEmpty();
  }
}
