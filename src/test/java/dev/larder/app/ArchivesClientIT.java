package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.provision.Archives.BackupRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.RestoreRequest;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Caches that a real huggingface_hub wrote and reads, and archives of the real tar and zstd. */
class ArchivesClientIT extends SiteFixture {
  private static final String DOWNLOAD =
      "import huggingface_hub as h, sys\nprint(h.snapshot_download('o/r', revision=sys.argv[1]))";
  private final byte[] model = Bytes.of(71, 2_000_000);

  @BeforeEach
  void fill() {
    repo.lfs("onnx/" + "long".repeat(20) + "/model.bin", model).file("config.json", "{}");
    repo.commit("main");
    repo.file("config.json", "{\"a\": 2}").commit("dev");
  }

  private static Map<String, String> offline(Path hub) {
    return Map.of("HF_HUB_CACHE", hub.toString(), "HF_HUB_OFFLINE", "1");
  }

  /** Every file of a revision as that Python reads it without a hub. */
  private static String read(Python python, Path hub, String revision)
      throws IOException, InterruptedException {
    return python.script(offline(hub), "read-offline.py", "o/r", revision, "model").well();
  }

  private Path written(Python python) throws IOException, InterruptedException {
    Path home = root.resolve("python");
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_ENDPOINT", hub.uri().toString());
    environment.put("HF_HUB_CACHE", home.resolve("hub").toString());
    environment.put("HF_HUB_DISABLE_XET", "1");
    for (String revision : new String[] {"main", "dev"}) {
      python.lines(environment, DOWNLOAD, revision).well();
    }
    return home;
  }

  private void shell(String script, Path... paths) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script, "shell");
    for (Path path : paths) {
      builder.command().add(path.toString());
    }
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void cacheOfPython_carried_isReadByPython() throws IOException, InterruptedException {
    Python python = Python.all().getLast();
    Path home = written(python);
    String expected = read(python, home.resolve("hub"), "main");
    assertThat(expected).contains(Bytes.digest(model).hex());
    Path archive = root.resolve("a.tar.zst");
    try (Larder larder = open(home)) {
      larder.archives().backup(new BackupRequest(archive, List.of(), false), Follower.NONE);
    }

    Path plain = Files.createDirectories(root.resolve("plain"));
    shell("zstd -dc \"$1\" | tar x -C \"$2\"", archive, plain);
    assertThat(read(python, plain, "main")).isEqualTo(expected);
    String warnings =
        python
            .lines(
                offline(plain), "import huggingface_hub as h\nprint(h.scan_cache_dir().warnings)")
            .well();
    assertThat(warnings.strip()).endsWith("[]");

    Path packed = root.resolve("packed.tar.gz");
    shell("tar czf \"$2\" -C \"$1/hub\" .", home, packed);
    for (Path file : List.of(archive, packed)) {
      Path to = root.resolve("from-" + file.getFileName());
      try (Larder larder = open(to)) {
        var report = larder.archives().restore(new RestoreRequest(file, false), Follower.NONE);
        assertThat(report.leftOut()).isEmpty();
      }
      assertThat(read(python, to.resolve("hub"), "main")).isEqualTo(expected);
    }
  }

  private Larder open(Path home) {
    return new HouseWorkshop(clock)
        .open(settings("HOME", home.toString(), "OFFLINE", "true"), _ -> {});
  }

  @Test
  void restore_killedAtManyMoments_isFinishedByTheNext() throws IOException, InterruptedException {
    Path home = root.resolve("home");
    Product larder = Product.before(hub, root, home);
    assertThat(larder.run("pull", "o/r").exit()).isZero();
    Path archive = root.resolve("a.tar.zst");
    assertThat(larder.run("backup", archive.toString()).exit()).isZero();

    int tries = Boolean.getBoolean("larder.long") ? 40 : 2;
    for (int i = 0; i < tries; i++) {
      Path to = root.resolve("killed-" + i);
      larder.set("LARDER_HOME", to.toString());
      Process restore = larder.start("restore", "--yes", archive.toString());
      boolean _ = restore.waitFor(150 + 400L * i / tries, TimeUnit.MILLISECONDS);
      restore.destroyForcibly().waitFor();
      Product.Ran again = larder.run("restore", "--yes", archive.toString());
      assertThat(again.exit()).as(again.err()).isZero();
      assertThat(larder.run("verify").exit()).isZero();
      try (var left = Files.list(to.resolve("larder/tmp"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void backup_killedAtManyMoments_neverLooksWhole() throws IOException, InterruptedException {
    Path home = root.resolve("home");
    Product larder = Product.before(hub, root, home);
    assertThat(larder.run("pull", "o/r").exit()).isZero();
    Path archive = root.resolve("a.tar.zst");
    int tries = Boolean.getBoolean("larder.long") ? 40 : 2;
    for (int i = 0; i < tries; i++) {
      Process backup = larder.start("backup", "--force", archive.toString());
      boolean _ = backup.waitFor(150 + 400L * i / tries, TimeUnit.MILLISECONDS);
      backup.destroyForcibly().waitFor();
      if (Files.exists(archive)) {
        assertThat(larder.run("restore", "--dry-run", archive.toString()).exit()).isZero();
      }
    }
    assertThat(larder.run("backup", "--force", archive.toString()).exit()).isZero();
    assertThat(larder.run("restore", "--dry-run", archive.toString()).exit()).isZero();
    try (var files = Files.list(root)) {
      assertThat(files.filter(file -> file.toString().endsWith(".larder-part"))).isEmpty();
    }
  }
}
