package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.Identity;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs with huggingface_hub that use the same cache directory as a running Larder. */
final class NeighboursClientIT extends SiteFixture {
  private static final int PROGRAMS = 8;
  private static final int ROUNDS = Boolean.getBoolean("larder.long") ? 125 : 15;

  private final byte[] bytes = Bytes.of(61, 400_000);
  private final Map<String, byte[]> older = new TreeMap<>();
  private final Map<String, byte[]> newer = new TreeMap<>();
  private final Map<String, Map<String, byte[]>> wanted = new TreeMap<>();

  @BeforeEach
  void fill() {
    older.put("model.bin", bytes);
    older.put("sub/weights.bin", Bytes.of(62, 300_000));
    older.put("config.json", "{\"a\": 1}".getBytes());
    older.put("empty.txt", new byte[0]);
    newer.putAll(older);
    newer.put("config.json", "{\"a\": 2}".getBytes());
    newer.put("sub/weights.bin", Bytes.of(63, 200_000));
    commit("main", older);
    commit("dev", newer);
  }

  private void commit(String branch, Map<String, byte[]> files) {
    files.forEach(
        (path, content) -> {
          if (content.length > 100_000) {
            repo.lfs(path, content);
          } else {
            repo.file(path, content);
          }
        });
    Commit commit = repo.commit(branch);
    wanted.put(branch, files);
    wanted.put(commit.hex(), files);
  }

  private Path cache() {
    return root.resolve("hub");
  }

  private Map<String, String> environment(String endpoint) {
    // A listing that another program wrote names Xet hashes, and this hub has no Xet.
    return Map.of(
        "HF_ENDPOINT", endpoint, "HF_HUB_CACHE", cache().toString(), "HF_HUB_DISABLE_XET", "1");
  }

  private String larder() {
    return server().address() + "/hf";
  }

  private VerifyReport verify() {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.verify(new VerifyRequest(List.of(), false), VerifyListener.NONE);
    }
  }

  private Path wantedFile() throws IOException {
    String json =
        wanted.entrySet().stream()
            .map(
                revision ->
                    revision.getValue().entrySet().stream()
                        .map(f -> "\"%s\":\"%s\"".formatted(f.getKey(), sha256(f.getValue())))
                        .collect(Collectors.joining(",", "\"" + revision.getKey() + "\":{", "}")))
            .collect(Collectors.joining(",", "{", "}"));
    return Files.writeString(root.resolve("wanted.json"), json);
  }

  private static String sha256(byte[] content) {
    return Bytes.digest(content).hex();
  }

  /** Asks for every file once; each must come whole and right. */
  private void assertServed() {
    wanted.forEach(
        (revision, files) ->
            files.forEach(
                (path, content) -> {
                  Got got = get("/hf/o/r/resolve/" + revision + "/" + path);
                  assertThat(got.status()).as(path).isEqualTo(200);
                  assertThat(got.complete()).as(path).isTrue();
                  assertThat(got.body()).as(path).isEqualTo(content);
                }));
  }

  private void assertTreeIsRight() throws IOException {
    Path folder = cache().resolve(FOLDER);
    for (Path blob : list(folder.resolve("blobs"))) {
      byte[] content = Files.readAllBytes(blob);
      Identity name = Identity.ofHex(blob.getFileName().toString());
      assertThat(List.<Identity>of(Bytes.digest(content), Bytes.gitId(content))).contains(name);
    }
    for (Path snapshot : list(folder.resolve("snapshots"))) {
      Map<String, byte[]> files = wanted.get(snapshot.getFileName().toString());
      try (Stream<Path> all = Files.walk(snapshot)) {
        for (Path file : all.filter(f -> !Files.isDirectory(f)).toList()) {
          assertThat(file).exists();
          assertThat(Files.readAllBytes(file))
              .isEqualTo(files.get(snapshot.relativize(file).toString()));
        }
      }
    }
    assertThat(verify().findings()).isEmpty();
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tree_writtenByManyProgramsAndLarderAtOnce_holdsOnlyRightBytes(boolean locks)
      throws Exception {
    List<Python> kinds = Python.all();
    String file = wantedFile().toString();
    List<Python.Running> programs = new ArrayList<>();
    for (int i = 0; i < PROGRAMS; i++) {
      String endpoint = i / 2 % 2 == 0 ? larder() : hub.uri().toString();
      programs.add(
          kinds
              .get(i % kinds.size())
              .script(
                  environment(endpoint),
                  "neighbour.py",
                  "o/r",
                  Integer.toString(ROUNDS),
                  Integer.toString(i),
                  file,
                  locks ? "locks" : "no-locks"));
    }

    while (programs.stream().anyMatch(program -> program.process().isAlive())) {
      assertServed();
    }

    for (Python.Running program : programs) {
      assertThat(program.well()).contains("ended well");
    }
    assertThat(stop().unfinished()).isEmpty();
    assertTreeIsRight();
    assertThat(new OnDisk(root).blobs()).hasSize(6);
  }

  @Test
  void repo_removedAgainAndAgainByPython_isServedWholeAllTheTime() throws Exception {
    Python python = Python.all().getFirst();
    assertServed();
    Python.Running remover =
        python.lines(
            environment(larder()),
            """
            import errno
            import huggingface_hub as h
            for _ in range(10):
                h.snapshot_download("o/r", revision="main")
                found = h.scan_cache_dir()
                try:
                    found.delete_revisions(*[r.commit_hash for each in found.repos for r in each.revisions]).execute()
                except OSError as e:
                    # Larder wrote into the folder while Python emptied it.
                    if e.errno != errno.ENOTEMPTY:
                        raise
            """);

    while (remover.process().isAlive()) {
      assertServed();
    }

    remover.well();
    assertServed();
    assertThat(stop().blobs()).hasSize(6);
  }

  @Test
  void model_savedThroughItsSnapshotLink_isNoticedAndRepaired() throws Exception {
    Python python = Python.all().getFirst();
    assertServed();
    hub.clearLog();
    python
        .lines(
            environment(larder()),
            """
            import huggingface_hub as h
            with open(h.hf_hub_download("o/r", "model.bin"), "r+b") as file:
                file.seek(5)
                file.write(b"!!!")
            """)
        .well();

    assertServed();

    assertThat(hub.fileBytesSent()).isEqualTo(bytes.length);
    stop();
    assertTreeIsRight();
  }

  /** As a container mounts it for programs that only read. */
  @Test
  void tree_mountedReadOnlyForAnotherUser_isReadOfflineAndInFrontOfLarder() throws Exception {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Python python = Python.DEBIAN.need();
    assertThat(get("/hf/api/models/o/r/tree/main?recursive=True&expand=False").status())
        .isEqualTo(200);
    assertServed();
    Path mounted = Files.createDirectories(root.resolve("mounted"));
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_HUB_CACHE", mounted.toString());
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(readAsNobody(python, environment, mounted)).isEqualTo(listing(older));
    environment.remove("HF_HUB_OFFLINE");
    environment.put("HF_ENDPOINT", larder());
    assertThat(readAsNobody(python, environment, mounted)).isEqualTo(listing(older));
  }

  private String readAsNobody(Python python, Map<String, String> environment, Path mounted)
      throws Exception {
    String script = Path.of("tests/clients/read-offline.py").toAbsolutePath().toString();
    return python
        .shell(
            environment,
            """
            set -e
            mount --bind "$1" "$2"
            mount -o remount,ro,bind "$2"
            if touch "$2/x" 2>/dev/null; then exit 9; fi
            exec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/ python3 "$3" o/r main model
            """,
            cache().toString(),
            mounted.toString(),
            script)
        .well()
        .lines()
        .filter(line -> line.contains("\t")) // It also warns that it could not write its ref.
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static String listing(Map<String, byte[]> files) {
    return files.entrySet().stream()
        .map(f -> f.getKey() + "\t" + f.getValue().length + "\t" + sha256(f.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static final String SHARE =
      """
      import os, sys, huggingface_hub as h
      from huggingface_hub.utils._shared_blobs import publish_blob_to_shared_store as share
      link = h.hf_hub_download("o/r", "model.bin")
      blob = os.path.normpath(os.path.join(os.path.dirname(link), os.readlink(link)))
      cache = h.constants.HF_HUB_CACHE
      assert share(blob_path=blob, xet_hash="c1" * 32, cache_dir=cache, expected_size=os.path.getsize(blob))
      assert os.path.islink(blob)
      """;

  @Test
  void sharedStore_ofPythons_isServedWithoutADownloadAndOutlivesItsRemoval() throws Exception {
    Python newest = Python.NEWEST.need();
    newest.lines(environment(hub.uri().toString()), SHARE).well();
    hub.clearLog();

    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
    newest
        .lines(
            environment(larder()),
            """
            import huggingface_hub as h
            found = h.scan_cache_dir()
            assert not found.warnings, found.warnings
            found.delete_revisions(*[r.commit_hash for each in found.repos for r in each.revisions]).execute()
            """)
        .well();
    assertThat(cache().resolve("blobs/c1/" + "c1".repeat(32))).doesNotExist();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().blobs()).hasSize(1);
  }

  @Test
  void blobOfLarder_movedIntoPythonsSharedStore_isServedOn() throws Exception {
    Python newest = Python.NEWEST.need();
    assertServed();
    hub.clearLog();
    newest.lines(environment(larder()), SHARE).well();
    Path blob = cache().resolve(FOLDER).resolve("blobs").resolve(sha256(bytes));
    assertThat(Files.readAttributes(blob, "isSymbolicLink", LinkOption.NOFOLLOW_LINKS))
        .containsEntry("isSymbolicLink", true);

    assertServed();
    restart();
    assertServed();

    assertThat(hub.fileBytesSent()).isZero();
    stop();
    assertThat(verify().findings()).isEmpty();
    assertThat(new OnDisk(root).blobs()).hasSize(6);
  }
}
