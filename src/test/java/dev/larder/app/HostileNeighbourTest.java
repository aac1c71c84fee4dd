package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.store.Flock;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else on the volume of the cache directory, or in a repo, who means harm. */
final class HostileNeighbourTest extends SiteFixture {
  private final byte[] bytes = Bytes.of(71, 300_000);

  private Path tree() {
    return root.resolve("hub");
  }

  private Commit offer() {
    repo.lfs("model.bin", bytes);
    return repo.commit("main");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models--o--r",
        "models--o--r/blobs",
        "models--o--r/snapshots",
        "models--o--r/snapshots/COMMIT",
        "models--o--r/refs",
        "models--o--r/trees",
        ".locks",
        ".locks/models--o--r"
      })
  void directoryLink_plantedInTheTree_isNeitherWrittenThroughNorReadAndTheFileIsServed(String place)
      throws IOException {
    Commit commit = offer();
    Path outside = Files.createDirectories(root.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("main"), "f".repeat(40));
    Path planted = tree().resolve(place.replace("COMMIT", commit.hex()));
    Files.createDirectories(planted.getParent());
    Files.createSymbolicLink(planted, outside);

    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get("/hf/api/models/o/r/tree/main?recursive=True&expand=False").status())
        .isEqualTo(200);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    restart();
    assertThat(get(resolve(commit, "model.bin")).body()).isEqualTo(bytes);

    assertThat(stop().blobs()).hasSize(1);
    try (Stream<Path> there = Files.list(outside)) {
      assertThat(there).containsExactly(secret);
    }
    assertThat(secret).hasContent("f".repeat(40));
    assertThat(planted).isSymbolicLink();
  }

  @Test
  void blobLink_toAFileOutside_isReplacedAndTheFileOutsideStays() throws IOException {
    offer();
    Path outside = Files.writeString(root.resolve("outside"), "theirs");
    Path blobs = Files.createDirectories(tree().resolve(FOLDER).resolve("blobs"));
    Path blob = blobs.resolve(Bytes.digest(bytes).hex());
    Files.createSymbolicLink(blob, outside);

    assertThat(get(MODEL).body()).isEqualTo(bytes);

    stop();
    assertThat(outside).hasContent("theirs");
    assertThat(Files.isSymbolicLink(blob)).isFalse();
    assertThat(blob).hasBinaryContent(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".locks/x.lock",
        ".no_exist/x",
        "model.incomplete",
        "blobs/x",
        "refs/main",
        "trees/x.json",
        "larder.0123abcd.tmp",
        "CACHEDIR.TAG"
      })
  void file_namedLikeWhatACacheHas_isServedAndLiesInItsSnapshotAlone(String name)
      throws IOException {
    repo.file(name, "harmless");
    Commit commit = repo.commit("main");

    assertThat(get(resolve(commit, name)).text()).isEqualTo("harmless");
    assertThat(get("/hf/o/r/resolve/main/" + name).text()).isEqualTo("harmless");

    OnDisk disk = stop();
    assertThat(disk.inTree(FOLDER, "snapshots/" + commit + "/" + name)).hasContent("harmless");
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit.hex());
    assertThat(disk.tree(FOLDER))
        .filteredOn(file -> file.endsWith("/" + name) || file.equals(name))
        .allMatch(file -> file.startsWith("snapshots/") || file.equals("refs/main"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ri\u200fght", "..", "LONG"})
  void file_namedAsNoSystemCould_isRefusedAndNothingIsWritten(String name) {
    offer();
    writesNothing(name.equals("LONG") ? "x".repeat(256) : name, 400);
  }

  /** The hub may have them, and then they are passed on; this one has none. */
  @ParameterizedTest
  @ValueSource(strings = {"CON", "aux.", "a/nul.txt", "COM1.bin", "trail ", "dot."})
  void file_namedAsSomeSystemsCannot_isTheHubsToRefuseAndNothingIsWritten(String name) {
    offer();
    writesNothing(name, 404);
  }

  private void writesNothing(String name, int status) {
    String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");

    Got got = get("/hf/o/r/resolve/main/" + path.replace("..", "%2e%2e"));

    assertThat(got.status()).isEqualTo(status);
    OnDisk disk = stop();
    assertThat(disk.blobs()).isEmpty();
    assertThat(disk.tree(FOLDER)).isEmpty();
  }

  @Test
  void lock_heldForEver_holdsUpNeitherTheAnswerNorTheTree() throws IOException {
    Commit commit = offer();
    Path locks = Files.createDirectories(tree().resolve(".locks").resolve(FOLDER));
    Path name = locks.resolve(Bytes.digest(bytes).hex() + ".lock");
    try (Flock held = Flock.tryAcquire(name, 0664).orElseThrow()) {
      long start = System.nanoTime();
      assertThat(get(MODEL).body()).isEqualTo(bytes);
      OnDisk disk = stop();
      assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
      assertThat(held.path()).exists();
      assertThat(disk.inTree(FOLDER, "snapshots/" + commit + "/model.bin")).hasBinaryContent(bytes);
    }
  }

  /** What is mapped ends the process when somebody truncates it. */
  @Test
  void file_thatIsBeingSent_isMappedNowhere() throws IOException {
    byte[] large = Bytes.of(72, 48 << 20);
    repo.lfs("model.bin", large);
    repo.commit("main");
    assertThat(get(MODEL).body()).isEqualTo(large);
    restart(); // Surely published now.
    HttpResponse<InputStream> response = open("GET", MODEL);
    assertThat(response.body().readNBytes(1000)).hasSize(1000);

    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));

    assertThat(maps).noneMatch(line -> line.contains(root + "/larder/store"));
    assertThat(maps).noneMatch(line -> line.contains(tree().toString()));
    assertThat(read(response).complete()).isTrue();
  }

  @Test
  void tree_onAVolumeThatOthersFilled_isLeftOutAndServingGoesOn() throws Exception {
    Commit commit = offer();
    try (Mounted _ = Mounted.tmpfs(tree(), 1 << 20)) {
      Path ballast = Files.write(tree().resolve("ballast"), new byte[900 << 10]);

      assertThat(get(MODEL).body()).isEqualTo(bytes);
      restart();
      assertThat(get(MODEL).cache()).isEqualTo("HIT");
      hub.away();
      assertThat(get(MODEL).body()).isEqualTo(bytes);

      OnDisk full = stop();
      assertThat(full.blobs()).hasSize(1);
      assertThat(full.tree(FOLDER)).noneMatch(name -> name.endsWith("model.bin"));
      Files.delete(ballast);
      assertThat(Files.exists(full.inTree(FOLDER, "refs/" + commit), LinkOption.NOFOLLOW_LINKS))
          .isFalse();
    }
  }
}
