package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What others do to a published file through its link in the tree, which is the store's own inode.
 */
final class ServeTamperedTest extends SiteFixture {
  private static final String SMALL = "/hf/o/r/resolve/main/config.json";
  private static final byte[] CONFIG = "{\"a\": 1}".getBytes();

  private final byte[] bytes = Bytes.of(31, 900_000);
  private Commit commit = new Commit("0".repeat(40));

  /** Something done to the file behind a snapshot's link. */
  private interface Deed {
    void to(Path link) throws IOException;
  }

  /** Deeds after which the bytes are wrong. */
  enum Damage {
    REWRITTEN(
        link -> {
          FileTime before = Files.getLastModifiedTime(link);
          write(link, channel -> channel.write(ByteBuffer.wrap(new byte[] {'!'}), 5));
          Files.setLastModifiedTime(link, before);
        }),
    TRUNCATED(link -> write(link, channel -> channel.truncate(channel.size() / 2))),
    EMPTIED(link -> write(link, channel -> channel.truncate(0))),
    GROWN(link -> write(link, channel -> channel.write(ByteBuffer.allocate(9), channel.size())));

    private final Deed deed;

    Damage(Deed deed) {
      this.deed = deed;
    }
  }

  private interface Writing {
    Object to(FileChannel channel) throws IOException;
  }

  private static void write(Path link, Writing writing) throws IOException {
    Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("rw-r--r--"));
    try (FileChannel channel = FileChannel.open(link, StandardOpenOption.WRITE)) {
      writing.to(channel);
    }
    Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("r--r--r--"));
  }

  private void bringIn(boolean open) {
    repo.lfs("model.bin", bytes).file("config.json", CONFIG);
    commit = repo.commit("main");
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get(SMALL).body()).isEqualTo(CONFIG);
    restart(); // All of it is put away by then.
    assertThat(head(MODEL).status()).isEqualTo(200);
    if (open) {
      assertThat(get(MODEL).cache()).isEqualTo("HIT");
      assertThat(get(SMALL).cache()).isEqualTo("HIT");
    }
    hub.clearLog();
  }

  private Path link(String name) {
    return root.resolve("hub").resolve(FOLDER).resolve("snapshots/" + commit).resolve(name);
  }

  static Stream<Arguments> damages() {
    return Arrays.stream(Damage.values())
        .flatMap(damage -> Stream.of(true, false).map(open -> Arguments.of(damage, open)));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void file_damagedThroughItsLink_isRepairedByTheRequestThatFindsIt(Damage damage, boolean open)
      throws IOException {
    bringIn(open);
    damage.deed.to(link("model.bin"));
    damage.deed.to(link("config.json"));

    Got got = get(MODEL);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.complete()).isTrue();
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(get(SMALL).body()).isEqualTo(CONFIG);
    restart();
    assertThat(get(MODEL).cache()).isEqualTo("HIT");

    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length + CONFIG.length);
    OnDisk disk = stop();
    assertThat(link("model.bin")).hasBinaryContent(bytes);
    assertThat(link("config.json")).hasBinaryContent(CONFIG);
    assertThat(disk.blobs()).hasSize(2);
    assertThat(disk.quarantined()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void file_damagedThroughItsLink_hubAway_isRefusedAndRepairedLater(Damage damage, boolean open)
      throws IOException {
    // A download is given up soon: nothing of it will come.
    tuning = QUICK.withTransfer(QUICK.transfer().withPatience(Duration.ofMillis(300)));
    bringIn(open);
    damage.deed.to(link("model.bin"));
    hub.away();

    for (String range : new String[] {"bytes=0-", "bytes=100-199"}) {
      Got got = get(MODEL, "Range", range);
      assertThat(got.status()).isIn(502, 503, 504);
      assertThat(got.header("X-Error-Message")).isNotEmpty();
    }
    assertThat(get(SMALL).body()).isEqualTo(CONFIG);

    hub.back();
    clock.pass(Duration.ofSeconds(61));
    restart();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    stop(); // The tree follows the answer.
    assertThat(link("model.bin")).hasBinaryContent(bytes);
  }

  /** More than sockets between server and client hold. */
  private static final int LARGE = 48 << 20;

  private HttpResponse<InputStream> begun(byte[] large) throws IOException {
    repo.lfs("model.bin", large);
    commit = repo.commit("main");
    assertThat(get(MODEL).body()).isEqualTo(large);
    restart(); // Surely published now.
    HttpResponse<InputStream> response = open("GET", MODEL);
    assertThat(response.headers().firstValue("X-Larder-Cache")).contains("HIT");
    assertThat(response.body().readNBytes(1000)).hasSize(1000);
    return response;
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void file_damagedWhileItIsSent_isNotCompleted(Damage damage) throws IOException {
    byte[] large = Bytes.of(32, LARGE);
    HttpResponse<InputStream> response = begun(large);

    damage.deed.to(link("model.bin"));

    assertThat(read(response).complete()).isFalse();
    assertThat(get(MODEL).body()).isEqualTo(large);
  }

  @Test
  void file_touchedWhileItIsSent_isCompleted() throws IOException {
    byte[] large = Bytes.of(32, LARGE);
    HttpResponse<InputStream> response = begun(large);

    Files.setLastModifiedTime(link("model.bin"), FileTime.fromMillis(1_000_000));

    Got rest = read(response);
    assertThat(rest.complete()).isTrue();
    assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(large, 1000, LARGE));
  }

  @Test
  void file_whoseModeWasChanged_isServedAndSealedAgain() throws IOException {
    bringIn(true);
    Files.setPosixFilePermissions(link("model.bin"), PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(get(MODEL).body()).isEqualTo(bytes);

    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().blobs()).hasSize(2);
  }

  @Test
  void file_replacedInTheTreeByAnother_leavesTheStoresOwnBytes() throws IOException {
    bringIn(true);
    Path blob = link("model.bin").toRealPath();
    Path other = Files.write(blob.resolveSibling("other.incomplete"), new byte[bytes.length]);
    Files.move(other, blob, StandardCopyOption.ATOMIC_MOVE);

    assertThat(get(MODEL).body()).isEqualTo(bytes);
    restart();
    assertThat(get(MODEL).body()).isEqualTo(bytes);

    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().blobs()).hasSize(2);
  }

  @Test
  void repo_removedFromTheTree_isServedOnFromTheStore() throws IOException {
    bringIn(true);
    Path blob = link("model.bin").toRealPath();
    Files.delete(link("model.bin"));
    Files.delete(blob);

    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get(MODEL, "Range", "bytes=7-9").body()).isEqualTo(Arrays.copyOfRange(bytes, 7, 10));

    assertThat(hub.fileBytesSent()).isZero();
  }
}
