package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
}
