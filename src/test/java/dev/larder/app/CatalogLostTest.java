package dev.larder.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.RepoListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database is gone and the files are there. */
final class CatalogLostTest extends SiteFixture {
  private static final String ANN = "hf_ann_secret";
  private static final RepoId REPO = RepoId.model("o/r");

  private final byte[] model = Bytes.of(31, 300_000);
  private Commit commit = new Commit("0".repeat(40));

  @BeforeEach
  void offer() {
    repo.lfs("model.bin", model).file("config.json", "{}");
    commit = repo.commit("main");
    hub.token(ANN, "ann");
  }

  /** By a person with a token, into the location that is served afterwards. */
  private void pull(String... more) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(more), _ -> {})) {
      larder.pull(
          new PullRequest(REPO, Revision.MAIN, FileSelection.ALL, false), PullListener.NONE);
    }
  }

  private void lose() throws IOException {
    stop();
    for (String name : List.of("catalog.db", "catalog.db-wal", "catalog.db-shm")) {
      Files.deleteIfExists(root.resolve("larder").resolve(name));
    }
  }

  @Test
  void rows_ofTheTree_areThereAgain() throws IOException {
    pull();
    lose();
    try (House house = House.open(settings(), true, clock)) {
      Catalog catalog = house.catalog();
      assertThat(catalog.refs(REPO)).singleElement().extracting("commit").isEqualTo(commit);
      assertThat(catalog.entries(REPO, commit))
          .extracting(row -> row.path().value())
          .containsExactly("config.json", "model.bin");
      assertThat(catalog.entriesOf(Bytes.digest(model))).hasSize(1);
      assertThat(catalog.repo(REPO)).as("who may read it is not known").isEmpty();
      assertThat(catalog.blobs()).hasSize(2);
    }
  }

  @Test
  void loss_isSaid_andAFirstLookAtACacheOfPythonsIsNone() throws IOException {
    pull();
    lose();
    try (Logged logged = new Logged()) {
      House.open(settings(), true, clock).close();
      assertThat(logged.warnings()).anyMatch(line -> line.startsWith("The catalog held nothing"));
    }
    lose();
    deleteLarder();
    try (Logged logged = new Logged();
        House house = House.open(settings(), true, clock)) {
      assertThat(house.catalog().refs(REPO)).hasSize(1);
      assertThat(logged.warnings()).isEmpty();
    }
  }

  private void deleteLarder() throws IOException {
    try (Stream<Path> below = Files.walk(root.resolve("larder"))) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    Files.createDirectory(root.resolve("larder")); // As whoever takes its lock does.
  }

  @Test
  void serve_hubThere_asksAndFetchesNothing() throws IOException {
    pull();
    lose();
    hub.clearLog();
    Got got = get(MODEL);
    assertThat(got.body()).isEqualTo(model);
    assertThat(got.cache()).isEqualTo("HIT");
    assertThat(hub.requests()).isNotEmpty();
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void serve_privateRepoInTheTree_isGivenOnlyToWhoMayHaveIt() throws IOException {
    repo.privateTo(ANN);
    pull("UPSTREAM_TOKEN", ANN);
    assertThat(Path.of(root.toString(), "hub", FOLDER)).exists();
    lose();
    hub.clearLog();
    assertThat(get(MODEL).status()).isEqualTo(401);
    assertThat(get(MODEL, "Authorization", "Bearer " + ANN).body()).isEqualTo(model);
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void serve_hubAway_givesNothingUnlessTheSettingSaysSo() throws IOException {
    pull();
    lose();
    hub.away();
    assertThat(get(MODEL).status()).isIn(502, 503, 504);
    restart("ADOPTED", "public");
    assertThat(get(MODEL).body()).isEqualTo(model);
  }

  @Test
  void pull_offline_findsEverything() throws IOException {
    pull();
    lose();
    hub.away();
    pull("OFFLINE", "true");
    assertThat(hub.fileBytesSent()).isEqualTo(model.length + 2L);
  }

  private List<RepoListing> listed() {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.list();
    }
  }

  /** Where the damage is does not matter: what is served and listed afterwards is the same. */
  @ParameterizedTest
  @ValueSource(strings = {"flip 1", "flip 2", "zero", "cut", "empty", "gone"})
  void damagedAfterACleanStop_servesAndListsTheSame(String damage) throws IOException {
    pull();
    assertThat(get("/hf/api/models/o/r").status()).isEqualTo(200);
    byte[] info = get("/hf/api/models/o/r").body();
    stop();
    List<RepoListing> before = listed();
    damage(root.resolve("larder/catalog.db"), damage);

    assertThat(listed()).usingRecursiveComparison().ignoringFields("lastUsed").isEqualTo(before);
    assertThat(get(MODEL).body()).isEqualTo(model);
    assertThat(get("/hf/o/r/resolve/main/config.json").text()).isEqualTo("{}");
    assertThat(get("/hf/api/models/o/r").body()).isEqualTo(info);
  }

  private static void damage(Path file, String how) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    switch (how) {
      case "zero" -> Files.write(file, new byte[bytes.length]);
      case "cut" -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      case "empty" -> Files.write(file, new byte[0]);
      case "gone" -> {
        Files.delete(file);
        Files.deleteIfExists(file.resolveSibling("catalog.db.sum"));
      }
      default -> {
        Random random = new Random(how.hashCode());
        // Past the header, whose version may make it the file of a later Larder.
        for (int flips = 0; flips < 40; flips++) {
          int at = 100 + random.nextInt(bytes.length - 100);
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, bytes);
      }
    }
  }

  @Test
  void gitPins_areThereAgain() throws IOException {
    pull();
    lose();
    try (House house = House.open(settings(), true, clock)) {
      assertThat(house.catalog().blobOf(Bytes.gitId("{}".getBytes(UTF_8))))
          .contains(Bytes.digest("{}".getBytes(UTF_8)));
    }
  }

  /** As a kill during the first command over a large cache leaves it. */
  @Test
  void rebuildThatWasCut_isFinishedByTheNextCommand() throws IOException {
    pull();
    lose();
    try (Catalog half = JdbiCatalog.open(root.resolve("larder/catalog.db"), clock).catalog()) {
      half.putEntries(List.of());
    }

    assertThat(listed()).hasSize(1);

    try (House house = House.open(settings(), true, clock)) {
      assertThat(house.catalog().entries(REPO, commit)).hasSize(2);
      assertThat(house.catalog().refs(REPO)).hasSize(1);
    }
  }

  /** A neighbour's link is no word of the hub's. */
  @Test
  void rewrittenLink_isNotWrittenDown() throws IOException {
    pull();
    lose();
    Path link = new OnDisk(root).inTree(FOLDER, "snapshots/" + commit + "/model.bin");
    Path other = Files.readSymbolicLink(link.resolveSibling("config.json"));
    Files.delete(link);
    Files.createSymbolicLink(link, other);

    try (House house = House.open(settings(), true, clock)) {
      assertThat(house.catalog().entry(REPO, commit, new EntryPath("model.bin")))
          .hasValueSatisfying(row -> assertThat(row.identity()).isEqualTo(Bytes.digest(model)));
    }
  }
}
