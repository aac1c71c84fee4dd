package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.testing.Bytes;
import dev.larder.testing.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** {@code larder doctor} as a process: where the system refuses things, and where others worked. */
final class DoctorIT {
  private static final int NOBODY = 65534;

  @TempDir Path scratch;
  private Path home;
  private Product product;

  @BeforeEach
  void makeCache() throws IOException {
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = Files.createDirectory(scratch.resolve("home"));
    product =
        new Product(scratch)
            .set("HOME", scratch.toString())
            .set("LARDER_HOME", home.toString())
            .set("LARDER_OFFLINE", "1");
  }

  private List<String> codes(String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("doctor", "--json"));
    line.addAll(List.of(more));
    Product.Ran ran = product.run(line.toArray(String[]::new));
    List<String> codes = new ArrayList<>();
    // Below strace the JVM may complain on stdout that it cannot use its archive of classes.
    String json = ran.out().substring(ran.out().indexOf("[ "));
    for (JsonNode finding : new ObjectMapper().readTree(json)) {
      codes.add(finding.path("code").asString());
    }
    // A container of layers is no place for a cache; whether this is one is not the matter here.
    codes.removeAll(List.of("cache-vanishes", "cache-in-memory"));
    return codes;
  }

  @Test
  void systemThatRefusesLinksAndLocks_isToldAsItIs() throws Exception {
    Path strace = Path.of("/usr/bin/strace");
    assumeTrue(Files.isExecutable(strace), "there is no " + strace);
    String trace = scratch.resolve("trace").toString();
    String[] none = {
      strace.toString(),
      "-f",
      "-o",
      trace,
      "-e",
      "trace=link,symlink,flock",
      "-e",
      "inject=link:error=EPERM",
      "-e",
      "inject=symlink:error=EPERM",
      "-e",
      "inject=flock:error=ENOSYS"
    };
    product.under(none);
    assertThat(codes()).contains("no-hard-links", "no-symlinks", "no-flock");

    product.under(
        strace.toString(), "-f", "-o", trace, "-e", "trace=flock", "-e", "inject=flock:retval=0");
    assertThat(codes()).contains("flock-holds-nobody");

    product.under();
    assertThat(codes()).isEmpty();
    assertThat(Files.list(home)).isEmpty();
  }

  @Test
  void rootOfAnotherUser_isToldAsItIs() throws Exception {
    Path setpriv = Path.of("/usr/bin/setpriv");
    assumeTrue((int) Files.getAttribute(scratch, "unix:uid") == 0, "only root can be two users");
    assumeTrue(Files.isExecutable(setpriv), "there is no " + setpriv);
    product.under(setpriv.toString(), "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    Product.Ran version = product.run("--version");
    assumeTrue(version.exit() == 0, "nobody may not read the program: " + version.err());

    assertThat(codes()).containsExactly("root-not-writable");
    Files.createDirectories(home.resolve("larder"));
    Files.createDirectories(home.resolve("hub/models--o--r/snapshots"));
    Files.writeString(home.resolve("hub/CACHEDIR.TAG"), "");
    Files.setPosixFilePermissions(
        home.resolve("larder"), PosixFilePermissions.fromString("rwx------"));
    Path closed = Files.createDirectories(home.resolve("hub/models--o--r/blobs"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    assertThat(codes())
        .contains("lock-foreign", "foreign-owner", "foreign-repos", "tree-unreadable")
        .doesNotContain("check-failed");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    assertThat(codes()).contains("root-unreadable").doesNotContain("check-failed");
  }

  @Test
  void commandLine_withAndWithoutFindings_endsAsItsHelpSays() throws Exception {
    product.set("LARDER_TYPO", "x");
    Product.Ran ran = product.run("doctor");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains(
            "error setting-unusable: LARDER_TYPO (environment)",
            "why:  Commands refuse",
            "mend: unset LARDER_TYPO",
            "1 error, ");
    assertThat(product.run("doctor", "--nonsense").exit()).isEqualTo(2);
  }

  @Test
  void cacheThatPythonWrote_isHealthy() throws Exception {
    String take = "from huggingface_hub import snapshot_download\nsnapshot_download('o/r')\n";
    try (FakeHub hub = FakeHub.start()) {
      hub.model("o/r").lfs("model.bin", Bytes.of(1, 200_000));
      hub.model("o/r").file("sub/config.json", "{}");
      hub.model("o/r").commit("main");
      Map<String, String> environment =
          Map.of(
              "HF_ENDPOINT", hub.uri().toString(),
              "HF_HUB_CACHE", home.resolve("hub").toString(),
              "HF_HUB_DISABLE_XET", "1");
      for (Python python : Python.all()) {
        python.lines(environment, take).well();
        assertThat(home.resolve("hub/models--o--r/snapshots")).isNotEmptyDirectory();
        assertThat(codes()).isEmpty();
      }
    }
  }

  @Test
  void lockOfAPythonThatWasKilled_isRemovedByFix_andPythonGoesOn() throws Exception {
    Path locks = Files.createDirectories(home.resolve("hub/.locks/models--o--r"));
    Files.createDirectories(home.resolve("hub/models--o--r/snapshots"));
    Files.writeString(home.resolve("hub/CACHEDIR.TAG"), "");
    Path lock = locks.resolve("e".repeat(64) + ".lock");
    String take =
        "import os, sys\n"
            + "from filelock import SoftFileLock\n"
            + "lock = SoftFileLock(sys.argv[1])\nlock.acquire(timeout=5)\n"
            + "os._exit(0)\n";
    for (Python python : Python.all()) {
      python.lines(Map.of(), take, lock.toString()).well();
      assertThat(lock).exists();
      assertThat(codes()).as("taken just now").isEmpty();
      Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
      assertThat(codes()).containsExactly("soft-lock-stale");

      Product.Ran fixed = product.run("doctor", "--fix");

      assertThat(fixed.out()).contains("fixed: removed 1 file");
      assertThat(lock).doesNotExist();
    }
  }
}
