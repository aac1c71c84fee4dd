package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.provision.Archives.BackupRequest;
import dev.larder.provision.Archives.Checked;
import dev.larder.provision.Archives.ExportRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.ImportReport;
import dev.larder.provision.Archives.ImportRequest;
import dev.larder.provision.Archives.RestoreRequest;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives with a server and a hub about. */
class ArchivesTest extends SiteFixture {
  private static final RepoId REPO = RepoId.model("o/r");
  private final byte[] model = Bytes.of(31, 3_000_000);
  @TempDir Path elsewhere;

  @BeforeEach
  void fill() {
    repo.lfs("model.bin", model).file("config.json", "{}").commit("main");
  }

  private Larder open(Path home) {
    return new HouseWorkshop(clock).open(settings("HOME", home.toString()), _ -> {});
  }

  private static void pull(Larder larder) {
    larder.pull(
        new PullRequest(
            REPO, Revision.MAIN, new FileSelection(List.of(), List.of(), List.of()), false),
        PullListener.NONE);
  }

  private static BackupReport backup(Larder larder, Path file) {
    return larder.archives().backup(new BackupRequest(file, List.of(), false), Follower.NONE);
  }

  /** By access times people and {@code prune} tell what is in use: a check or a copy is no use. */
  @Test
  void reading_forLardersOwnPurposes_isNoUse() throws IOException {
    byte[] weights = Bytes.of(32, 300_000);
    Commit commit = new Commit("1".repeat(40));
    PythonTree python = new PythonTree(root.resolve("hub"));
    Path blob = python.linked(FOLDER, commit, "w.bin", Bytes.digest(weights).hex(), weights);
    python.ref(FOLDER, commit);
    Instant read = clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(50));
    Files.getFileAttributeView(blob, BasicFileAttributeView.class)
        .setTimes(FileTime.from(read.minus(Duration.ofDays(10))), FileTime.from(read), null);

    try (Larder larder = open(root)) {
      larder.verify(new VerifyRequest(List.of(), false), VerifyListener.NONE);
      larder.verify(new VerifyRequest(List.of(), false), VerifyListener.NONE); // From the store.
      backup(larder, elsewhere.resolve("a.tar"));
      var export = new ExportRequest(REPO, Optional.empty(), elsewhere.resolve("out"), false);
      larder.archives().export(export, Follower.NONE);
      assertThat(larder.list().getFirst().lastUsed()).contains(read);
      assertThat(larder.removals().plan(olderThan(Duration.ofDays(30))).going()).hasSize(1);
    }

    Files.readAllBytes(blob);
    assumeTrue(
        ((FileTime) Files.getAttribute(blob, "lastAccessTime")).toInstant().isAfter(read),
        "this file system keeps no access times, so nothing was shown here");
  }

  private static Pruning olderThan(Duration age) {
    return new Pruning(Optional.of(age), Optional.empty());
  }

  @Test
  void restore_intoARunningServerWhoseHubIsAway_isServedAtOnce() {
    Path file = elsewhere.resolve("a.tar.zst");
    Path home = elsewhere.resolve("home");
    try (Larder larder = open(home)) {
      pull(larder);
      backup(larder, file);
    }
    start("OFFLINE", "true");
    assertThat(get(MODEL).status()).isGreaterThanOrEqualTo(500);
    List<Long> steps = new ArrayList<>();

    try (Larder larder = open(root)) {
      assertThat(larder).isInstanceOf(ServerLarder.class);
      var report =
          larder
              .archives()
              .restore(new RestoreRequest(file, false), (_, done, _) -> steps.add(done));
      assertThat(report.files()).isEqualTo(2);
    }

    assertThat(steps).isNotEmpty();
    Got got = get(MODEL);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(model);
  }

  @Test
  void backup_whileClientsFillTheCache_restoresToWhatItSays() throws IOException {
    for (int i = 0; i < 6; i++) {
      hub.model("o/m" + i).lfs("model.bin", Bytes.of(50 + i, 1_000_000)).commit("main");
    }
    server();
    try (Larder larder = open(root)) {
      pull(larder);
    }
    List<CompletableFuture<Got>> load = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      load.add(getting("/hf/o/m" + i + "/resolve/main/model.bin"));
    }
    Path file = elsewhere.resolve("a.tar.zst");
    BackupReport report;
    try (Larder larder = open(root)) {
      report = backup(larder, file);
    }
    load.forEach(got -> assertThat(got.join().status()).isEqualTo(200));

    try (Larder other = open(elsewhere.resolve("home"))) {
      var restored = other.archives().restore(new RestoreRequest(file, false), Follower.NONE);
      assertThat(restored.repos()).isEqualTo(report.repos());
      assertThat(restored.newBytes()).isEqualTo(report.sizeBytes());
      assertThat(other.verify(all(), VerifyListener.NONE).findings()).isEmpty();
    }
    Path snapshots = elsewhere.resolve("home/hub/models--o--r/snapshots");
    try (var commits = Files.list(snapshots)) {
      assertThat(commits.findFirst().orElseThrow().resolve("model.bin")).hasBinaryContent(model);
    }
  }

  private static VerifyRequest all() {
    return new VerifyRequest(List.of(), false);
  }

  @Test
  void folder_ofARepoThatTheHubHas_isComparedWithIt() throws IOException {
    Path folder = Files.createDirectories(elsewhere.resolve("folder"));
    Files.write(folder.resolve("model.bin"), model);
    Files.writeString(folder.resolve("config.json"), "{\"mine\":1}");
    ImportRequest request = new ImportRequest(folder, Optional.of(REPO), Revision.MAIN, false);
    server();

    ImportReport report;
    try (Larder larder = open(root)) {
      report = larder.archives().take(request, Follower.NONE);
    }

    assertThat(report.repos().getFirst().checked()).isEqualTo(Checked.HUB);
    assertThat(report.repos().getFirst().files()).isEqualTo(1);
    assertThat(report.leftOut()).singleElement().matches(left -> left.wrong());
    assertThat(get(MODEL).body()).isEqualTo(model);
    assertThat(hub.downloads("model.bin")).isEmpty();
  }

  @Test
  void export_throughAServer_writesWhereTheCommandSaid() throws IOException {
    server();
    Path to = elsewhere.resolve("out");
    ExportRequest request = new ExportRequest(REPO, Optional.empty(), to, false);

    try (Larder larder = open(root)) {
      pull(larder);
      assertThat(larder.archives().export(request, Follower.NONE).files()).isEqualTo(2);
      assertThatThrownBy(() -> larder.archives().export(request, Follower.NONE))
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("is not empty");
    }

    assertThat(to.resolve("model.bin")).hasBinaryContent(model);
  }

  @Test
  void archive_askedForWithoutTheSecret_isRefusedAndWritesNothing()
      throws IOException, InterruptedException {
    String admin = "an-admin-token-of-more-than-20";
    start("ADMIN_TOKEN", admin);
    Path file = elsewhere.resolve("a.tar.zst");
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String authorization : List.of("Bearer " + admin, "Bearer nobody")) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(server().address() + "/api/store/backup"))
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofString("{\"file\":\"" + file + "\"}"))
                .build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
      }
    }
    assertThat(file).doesNotExist();
  }
}
