package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeRepo;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.VerifyTarget;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Removing through a running server, which serves on and remembers nothing of what is gone. */
final class RemovalTest extends SiteFixture {
  private final byte[] model = Bytes.of(21, 3 << 20);
  private Commit commit = new Commit("0".repeat(40));
  private FakeRepo other;

  @BeforeEach
  void offer() {
    repo.lfs("model.bin", model).file("config.json", "{}");
    commit = repo.commit("main");
    other = hub.model("o/other");
    other.lfs("same.bin", model).lfs("own.bin", Bytes.of(22, 9000));
    other.commit("main");
  }

  private <T> T asking(Function<Removals, T> question) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return question.apply(larder.removals());
    }
  }

  private RemovalReport remove(String... targets) {
    return asking(
        removals ->
            removals.apply(
                removals.plan(List.of(targets).stream().map(VerifyTarget::parse).toList())));
  }

  /** The last byte may be here before the file has its place and its ref. */
  private void getIntoTheTree() {
    get(MODEL);
    while (Files.notExists(root.resolve("hub").resolve(FOLDER).resolve("refs/main"))) {
      Thread.onSpinWait();
    }
  }

  private String cache(String path) {
    return get(path).cache();
  }

  @Test
  void get_afterItsRepoWasRemoved_isACleanMiss_andOthersStayHits() {
    get(MODEL);
    get("/hf/o/r/resolve/main/config.json");
    get("/hf/o/other/resolve/main/same.bin");
    get("/hf/o/other/resolve/main/own.bin");
    assertThat(get(MODEL).cache()).isEqualTo("HIT");

    RemovalReport report = remove("o/r");

    assertThat(report.gone()).hasSize(1);
    assertThat(new OnDisk(root).tree(FOLDER)).isEmpty();
    assertThat(cache("/hf/o/other/resolve/main/same.bin")).isEqualTo("HIT");
    Got again = get("/hf/o/r/resolve/main/config.json");
    assertThat(again.cache()).isEqualTo("MISS");
    assertThat(again.status()).isEqualTo(200);
    OnDisk disk = stop();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit.hex());
    assertThat(disk.blobs()).hasSize(3);
  }

  @Test
  void get_afterRemovalWithTheHubAway_isNotAnsweredFromMemory() {
    getIntoTheTree();
    get("/hf/api/models/o/r/revision/main");
    remove("o/r");
    hub.close();
    clock.pass(java.time.Duration.ofHours(1));
    assertThat(get(MODEL).status()).isGreaterThanOrEqualTo(500);
    assertThat(get("/hf/api/models/o/r/revision/main").status()).isGreaterThanOrEqualTo(500);
    assertThat(stop().blobs()).isEmpty();
  }

  @Test
  void reader_ofAFileThatIsRemoved_getsAllOfIt_andThePruneAfterFreesIt() throws Exception {
    getIntoTheTree();
    HttpResponse<InputStream> open = open("GET", MODEL);
    byte[] first = open.body().readNBytes(1);

    remove("o/r");

    assertThat(new OnDisk(root).tree(FOLDER)).isEmpty();
    byte[] rest = open.body().readAllBytes();
    assertThat(rest).hasSize(model.length - 1).endsWith(model[model.length - 1]);
    assertThat(first[0]).isEqualTo(model[0]);
    clock.pass(Duration.between(clock.instant(), Instant.now()).plusHours(2));
    asking(
        removals -> removals.apply(removals.plan(new Pruning(Optional.empty(), Optional.empty()))));
    assertThat(stop().blobs()).isEmpty();
  }

  @Test
  void removal_ofWhatIsNotCached_isRefusedByServerAndCommandAlike() {
    server();
    assertThatThrownBy(() -> remove("o/none"))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("o/none is not cached, so there is nothing to remove");
    stop();
    assertThatThrownBy(() -> remove("o/none"))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("o/none is not cached, so there is nothing to remove");
  }

  @Test
  void filesOfAPull_areKnownToBeLarders() throws Exception {
    get(MODEL);
    stop();
    try (House house = House.open(settings(), true, clock)) {
      assertThat(house.located().primary().blobRemoval().remove(Bytes.digest(model)))
          .isEqualTo(new dev.larder.upkeep.Removed.Freed(model.length));
    }
    assertThat(new OnDisk(root).blobs()).isEmpty();
    assertThat(Files.exists(root.resolve("hub").resolve(FOLDER).resolve("refs/main"))).isFalse();
  }

  /** The server keeps it out of the tree, and whoever prunes after it stopped is not the server. */
  @Test
  void privateRepoOfAStoppedServer_isNoRubbish() {
    repo.privateTo("hf_ann");
    start("UPSTREAM_TOKEN", "hf_ann");
    assertThat(get(MODEL, "Authorization", "Bearer hf_ann").body()).isEqualTo(model);
    assertThat(stop().blobs()).hasSize(1);
    assertThat(new OnDisk(root).tree(FOLDER)).isEmpty();
    clock.pass(Duration.between(clock.instant(), Instant.now()).plusDays(1));

    asking(
        removals -> removals.apply(removals.plan(new Pruning(Optional.empty(), Optional.empty()))));

    assertThat(new OnDisk(root).blobs()).hasSize(1);
    assertThat(remove("o/r").gone()).as("who names it may remove it").hasSize(1);
    assertThat(new OnDisk(root).blobs()).isEmpty();
  }

  /** As 'hf cache rm' leaves it. */
  @Test
  void pinnedRepo_whoseFolderAnotherProgramRemoved_keepsItsBlobsUntilItIsUnpinned() {
    getIntoTheTree();
    RepoId name = RepoId.model("o/r");
    stop();
    Pruning rest = new Pruning(Optional.empty(), Optional.empty());
    clock.pass(Duration.between(clock.instant(), Instant.now()).plusDays(1));
    try (House house = House.open(settings(), true, clock)) {
      var _ = house.located().primary().rooms().tree().clearing().removeRepo(name);
      Budget budget = house.located().budget();
      Budget.Pin pin =
          budget.pin(new Budget.Wish(name, Optional.empty(), "ops", Optional.empty(), ""));
      assertThat(pin.sizeBytes()).isEqualTo(model.length);
      Removals removals = house.located().removals();
      assertThat(removals.apply(removals.plan(rest)).gone()).isEmpty();
      assertThat(new OnDisk(root).blobs()).hasSize(1);

      Budget.Pin _ = budget.unpin(name, Optional.empty(), "ops");
      assertThat(removals.apply(removals.plan(rest)).gone()).hasSize(1);
    }
  }

  @Test
  void route_isTheOwnersAlone() {
    assertThat(post("/api/store/remove", "{\"targets\":[\"o/r\"]}").status()).isIn(401, 403);
    assertThat(post("/api/store/prune", "{}").status()).isIn(401, 403);
  }
}
