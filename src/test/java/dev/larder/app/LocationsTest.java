package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.Larder;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Answer;
import dev.larder.mirror.Caller;
import dev.larder.mirror.EntryRequest;
import dev.larder.mirror.LocatedMirror;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullResult;
import dev.larder.provision.Archives;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.VerifyTarget;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two locations on two file systems: one cache for whoever asks. */
final class LocationsTest extends LocationsFixture {
  @ParameterizedTest
  @EnumSource
  void pull_toALocation_bringsTheRepoThereAlone(PullTest.By by) {
    PullResult result = pull(by, REPO, "secondary");

    assertThat(result.location()).isEqualTo("secondary");
    assertThat(result.snapshot()).startsWith(second);
    assertThat(OnDisk.bytes(result.snapshot().resolve("model.bin"))).isEqualTo(model);
    assertThat(new OnDisk(second).blobs()).hasSize(2);
    assertThat(new OnDisk(root).blobs()).isEmpty();
    assertThat(root.resolve("hub").resolve(FOLDER)).doesNotExist();
  }

  @Test
  void scrub_ofEachLocation_isToldByItsName() {
    start(both("ADMIN_TOKEN", "an-admin-token-of-the-site"));

    String told =
        get("/api/store/scrub", "Authorization", "Bearer an-admin-token-of-the-site").text();

    assertThat(told).startsWith("{\"running\":false,\"last\":");
    assertThat(told).contains("\"locations\":[{\"name\":\"primary\",\"running\":false,");
    assertThat(told).contains("{\"name\":\"secondary\",\"running\":false,");
  }

  @ParameterizedTest
  @EnumSource
  void pull_ofARepoThatLivesElsewhere_leavesItThere(PullTest.By by) {
    pull(by, REPO, "secondary");
    hub.clearLog();

    assertThat(pull(by, REPO, "primary").location()).isEqualTo("secondary");
    assertThat(pull(by, REPO, null).location()).isEqualTo("secondary");
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(new OnDisk(root).blobs()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void pull_toALocationThatIsNone_isRefusedByName(PullTest.By by) {
    assertThatThrownBy(() -> pull(by, REPO, "third"))
        .isInstanceOfSatisfying(
            LarderException.class, no -> assertThat(no.code()).isEqualTo("no-such-location"))
        .hasMessageContaining("'third'")
        .hasMessageContaining("primary, secondary");
    assertThat(root.resolve("hub").resolve(FOLDER)).doesNotExist();
  }

  @Test
  void pull_thatBringsNothing_doesNotSettleWhereARepoLives() {
    RepoId none = RepoId.model("o/none");
    start(both());
    assertThatThrownBy(() -> pull(PullTest.By.SERVER, none, "secondary"))
        .isInstanceOf(LarderException.class);
    hub.model("o/none").file("a", "b").commit("main");
    clock.pass(Duration.ofMinutes(1));

    assertThat(pull(PullTest.By.SERVER, none, null).location()).isEqualTo("primary");
  }

  @Test
  void server_answersEachRepoFromWhereItLives() {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    start(both());

    Got cold = get("/hf/o/s/resolve/main/config.json");
    Got warm = get(MODEL);
    Got again = get(MODEL);

    assertThat(cold.cache()).isEqualTo("MISS");
    assertThat(warm.body()).isEqualTo(model);
    assertThat(again.cache()).isEqualTo("HIT");
    assertThat(again.body()).isEqualTo(model);
    assertThat(server().house().mirror().peek(modelOf(REPO)))
        .as("on the event loop, from memory")
        .isInstanceOfSatisfying(Answer.Ready.class, ready -> ready.lease().close());
    stop();
    assertThat(new OnDisk(second).blobs()).hasSize(2);
    assertThat(new OnDisk(root).blobs()).hasSize(1);
  }

  private static EntryRequest modelOf(RepoId repo) {
    return new EntryRequest(
        repo,
        Revision.MAIN,
        new EntryPath("model.bin"),
        RangeRequest.WHOLE,
        false,
        Caller.ANONYMOUS);
  }

  /** No tree shows it, so where it lives is known by its files alone. */
  @ParameterizedTest
  @ValueSource(strings = {"primary", "secondary"})
  void pullOfARestrictedRepo_refusedByTheServer_leavesItWhereItLives(String lives)
      throws Exception {
    Files.createDirectories(second.resolve("larder"));
    String token = "hf_ann_secret";
    hub.token(token, "ann");
    repo.privateTo(token);
    String[] owner = {"Authorization", "Bearer " + token};
    start("HOME", (lives.equals("primary") ? root : second).toString());
    assertThat(get(MODEL, owner).body()).isEqualTo(model);
    restart(both());
    hub.clearLog();

    String other = lives.equals("primary") ? "secondary" : "primary";
    try (Larder larder = larder("UPSTREAM_TOKEN", token)) {
      assertThatThrownBy(() -> larder.pull(wanting(REPO, other), PullListener.NONE))
          .hasMessageContaining("private or gated");
    }
    assertThat(get(MODEL, owner).body()).isEqualTo(model);
    assertThat(hub.fileBytesSent()).isZero();
    stop();
    assertThat(new OnDisk(other.equals("primary") ? root : second).blobs()).isEmpty();
  }

  @Test
  void server_findsWhatAnotherProgramPutIntoTheSecondTree() throws Exception {
    start(both());
    get("/hf/o/s/resolve/main/config.json");
    String commit = repo.commit("main").hex();
    Path folder = second.resolve("hub").resolve(FOLDER);
    Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(commit));
    Files.createDirectories(folder.resolve("blobs"));
    String name = Bytes.digest(model).hex();
    Files.write(folder.resolve("blobs").resolve(name), model);
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("../../blobs/" + name));
    hub.clearLog();

    assertThat(get(MODEL).body()).isEqualTo(model);
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(root.resolve("hub").resolve(FOLDER)).doesNotExist();
  }

  @Test
  void budget_ofEachIsItsOwn() {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    byte[] more = Bytes.of(32, 700_000);
    hub.model("o/t").lfs("model.bin", more).commit("main");
    try (Larder larder = larder("MAX_SIZE", "1MB")) {
      // The first has room for it: what is in the second does not count.
      assertThat(larder.pull(wanting(RepoId.model("o/t"), null), PullListener.NONE).location())
          .isEqualTo("primary");
    }
    hub.model("o/u").lfs("model.bin", Bytes.of(33, 700_000)).commit("main");
    try (Larder larder = larder("MAX_SIZE", "1MB")) {
      PullResult _ = larder.pull(wanting(RepoId.model("o/u"), "secondary"), PullListener.NONE);
    }
    // Room was made in the second, and nothing went from the first.
    try (Larder larder = larder()) {
      List<RepoListing> all = larder.list();
      assertThat(bytesIn("primary", all)).isEqualTo(more.length);
      assertThat(bytesIn("secondary", all)).isBetween(700_000L, 1_000_000L);
    }
  }

  private static long bytesIn(String location, List<RepoListing> repos) {
    return repos.stream()
        .filter(repo -> repo.location().equals(location))
        .mapToLong(RepoListing::sizeBytes)
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void list_verify_stats_goOverAllOfThem(PullTest.By by) throws Exception {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    pull(PullTest.By.ITSELF, RepoId.model("o/s"), null);
    Path blob = blobOf(second);
    Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
    byte[] wrong = model.clone();
    wrong[5] ^= 1;
    Files.write(blob, wrong);
    if (by == PullTest.By.SERVER) {
      start(both());
    }
    try (Larder larder = larder()) {
      assertThat(larder.list())
          .extracting(listed -> listed.repo() + " " + listed.location())
          .containsExactlyInAnyOrder("o/r secondary", "o/s primary");
      assertThat(larder.list()).extracting(RepoListing::folder).anyMatch(f -> f.startsWith(second));
      var report = larder.verify(new VerifyRequest(List.of(), false), VerifyListener.NONE);
      assertThat(report.blobs()).isEqualTo(3);
      assertThat(report.findings()).hasSize(1);
      var target = new VerifyRequest(List.of(VerifyTarget.parse("o/s")), false);
      assertThat(larder.verify(target, VerifyListener.NONE).findings()).isEmpty();
      assertThat(larder.stats(Optional.empty()).rows())
          .extracting(row -> row.object())
          .contains("o/r", "o/s");
    }
  }

  private static Path blobOf(Path location) throws Exception {
    try (Stream<Path> files = Files.walk(location.resolve("larder/store"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toFile().length() == 700_000)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void locationThatIsGone_isLeftOutAndSaidAndNotBegunAnew() throws Exception {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    pull(PullTest.By.ITSELF, RepoId.model("o/s"), null);
    other.empty(); // As an unmounted file system leaves its mount point.
    Files.createDirectories(second);

    try (Larder larder = larder()) {
      assertThat(larder.list()).extracting(RepoListing::location).containsExactly("primary");
      assertThatThrownBy(() -> larder.pull(wanting(REPO, "secondary"), PullListener.NONE))
          .isInstanceOfSatisfying(
              LarderException.class, gone -> assertThat(gone.code()).isEqualTo("location-absent"));
    }
    assertThat(warnings)
        .anyMatch(line -> line.contains("secondary is left out") && line.contains("mount it"));
    start(both());
    assertThat(get("/hf/o/s/resolve/main/config.json").status()).isEqualTo(200);
    assertThat(second).isEmptyDirectory();
  }

  @Test
  void locationThatCannotBeWritten_isReadAndNotWritten() throws Exception {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    Path readOnly = other.directory().resolve("read-only");
    try (Mounted _ = Mounted.readOnly(second, readOnly);
        AutoCloseable _ = this::stop) {
      second = readOnly;
      try (Larder larder = larder()) {
        assertThat(larder.list()).extracting(RepoListing::location).containsExactly("secondary");
        assertThatThrownBy(() -> larder.pull(wanting(REPO, null), PullListener.NONE))
            .isInstanceOf(StoreReadOnly.class)
            .hasMessageContaining("secondary");
        var here = larder.pull(wanting(RepoId.model("o/s"), null), PullListener.NONE);
        assertThat(here.location()).isEqualTo("primary");
      }
      start(both()); // It leaves that one out.
      assertThat(get("/hf/o/s/resolve/main/config.json").cache()).isEqualTo("HIT");
      assertThat(get(MODEL).body()).isEqualTo(model);
    }
  }

  @Test
  void locationWhoseDiskFails_isNoTroubleOfTheOthers() throws Exception {
    start(both());
    Files.writeString(second.resolve("hub"), "no directory");

    assertThat(get(MODEL).body()).isEqualTo(model);
    stop();
    Files.delete(second.resolve("larder/catalog.db"));
    Files.createDirectories(second.resolve("larder/catalog.db/x"));
    start(both());
    assertThat(get("/hf/o/s/resolve/main/config.json").status()).isEqualTo(200);
    assertThat(get(MODEL).cache()).isEqualTo("HIT");
  }

  @Test
  void newLocation_withoutADirectory_isNotMade() throws Exception {
    Files.delete(second);

    assertThatThrownBy(() -> pull(PullTest.By.ITSELF, REPO, "secondary"))
        .hasMessageContaining("there is no directory " + second);
    assertThat(second).doesNotExist();
  }

  @Test
  void repoInBoth_theFirstIsUsedAndBothAreNamed() {
    pullIntoBoth();

    assertThat(pull(PullTest.By.ITSELF, REPO, null).location()).isEqualTo("primary");
    assertThat(warnings).anyMatch(line -> line.contains("o/r (primary, not secondary)"));
    start(both());
    assertThat(server().house().mirror())
        .isInstanceOfSatisfying(
            LocatedMirror.class,
            mirror -> assertThat(mirror.placeOf(REPO).name()).isEqualTo("primary"));
  }

  private void pullIntoBoth() {
    pull(PullTest.By.ITSELF, REPO, null);
    try (Larder larder =
        new HouseWorkshop(clock).open(settings("HOME", second.toString()), warnings::add)) {
      larder.pull(wanting(REPO, null), PullListener.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void why_ofBytesAndOfARepo_joinsWhatAllLocationsKnow(PullTest.By by) {
    pullIntoBoth();
    try (Larder larder = larder()) {
      List<VerifyTarget> named = List.of(VerifyTarget.parse("o/r"));
      var removals = larder.removals();
      var _ = removals.apply(removals.plan(named, Optional.of("secondary")));
    }
    if (by == PullTest.By.SERVER) {
      start(both());
    }
    try (Larder larder = larder()) {
      WhyReport bytes = larder.why(WhyRequest.read("blob:" + Bytes.digest(model).hex()));
      assertThat(bytes.cached()).isTrue();
      assertThat(bytes.facts())
          .filteredOn(fact -> fact.name().equals("location"))
          .extracting(WhyReport.Fact::text)
          .containsExactly("primary", "secondary");
      assertThat(bytes.decisions()).hasSize(2).allMatch(each -> each.kind().equals("miss"));
      assertThat(larder.why(WhyRequest.read("o/r")).decisions())
          .extracting(WhyReport.Decision::kind)
          .contains("removed", "miss");
    }
  }

  private List<String> listed() {
    try (Larder larder = larder()) {
      return larder.list().stream().map(repo -> repo.repo() + " " + repo.location()).toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void rm_ofARepoInBoth_takesTheOneThatItsPlanNames(PullTest.By by) {
    pullIntoBoth();
    if (by == PullTest.By.SERVER) {
      start(both());
    }
    List<VerifyTarget> named = List.of(VerifyTarget.parse("o/r"));
    try (Larder larder = larder()) {
      RemovalPlan spare = larder.removals().plan(named, Optional.of("secondary"));
      RemovalPlan used = larder.removals().plan(named);
      assertThat(used.going()).extracting(Going::location).containsExactly(Optional.of("primary"));
      assertThat(used.staying())
          .singleElement()
          .asString()
          .contains("o/r in the location secondary", "larder rm --location secondary o/r");
      assertThat(larder.removals().apply(spare).gone())
          .extracting(Going::location)
          .containsExactly(Optional.of("secondary"));
      assertThatThrownBy(() -> larder.removals().plan(named, Optional.of("third")))
          .hasMessageContaining("There is no location 'third'");
    }
    assertThat(listed()).containsExactly("o/r primary");
    assertThat(new OnDisk(second).blobs()).isEmpty();
  }

  @Test
  void rm_ofTheCopyInUse_leavesTheSpare_alsoWhenThePlanIsDoneTwice() {
    pullIntoBoth();
    try (Larder larder = larder()) {
      RemovalPlan used = larder.removals().plan(List.of(VerifyTarget.parse("o/r")));
      assertThat(larder.removals().apply(used).gone()).hasSize(1);
      assertThat(larder.removals().apply(used).gone()).isEmpty();
    }
    assertThat(listed()).containsExactly("o/r secondary");
    assertThat(new OnDisk(second).blobs()).hasSize(2);
  }

  @Test
  void prune_ofARepoInBoth_takesTheUnusedOne_andEachBlobOfNobodyOnce() throws Exception {
    pullIntoBoth();
    clock.pass(Duration.ofDays(60));
    pull(PullTest.By.ITSELF, REPO, null); // Uses what primary has.
    Pruning limits = new Pruning(Optional.of(Duration.ofDays(30)), Optional.empty());
    try (Larder larder = larder()) {
      RemovalPlan plan = larder.removals().plan(limits);
      assertThat(plan.going())
          .extracting(Going::location)
          .containsExactly(Optional.of("secondary"));
      assertThat(larder.removals().apply(plan).gone()).hasSize(1);
    }
    assertThat(listed()).containsExactly("o/r primary");
    for (Path location : List.of(root, second)) {
      Path stray = location.resolve("hub").resolve("models--o--stray/blobs");
      Files.createDirectories(stray);
      Files.write(stray.resolve("5".repeat(40)), new byte[100]);
    }
    clock.pass(Duration.between(clock.instant(), Instant.now()).plusMinutes(1));
    try (Larder larder = larder()) {
      RemovalPlan plan = larder.removals().plan(new Pruning(Optional.empty(), Optional.empty()));
      assertThat(plan.going())
          .extracting(Going::location)
          .containsExactly(Optional.of("primary"), Optional.of("secondary"));
      assertThat(larder.removals().apply(plan).bytes()).isEqualTo(200);
    }
  }

  @Test
  void secondLocation_asAHomeOfItsOwn_isFoundThroughTheServer() {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    start(both());

    try (Larder larder =
        new HouseWorkshop(clock).open(settings("HOME", second.toString()), warnings::add)) {
      assertThat(larder).isInstanceOf(ServerLarder.class);
      assertThat(larder.list()).extracting(RepoListing::location).containsExactly("secondary");
    }
  }

  @Test
  void rootAtAnotherPath_isTheSameCacheAndNothingIsHashed() throws Exception {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    Path elsewhere = other.directory().resolve("mounted/here");
    Files.createDirectories(elsewhere.getParent());
    Files.move(second, elsewhere);
    second = elsewhere;
    hub.away();
    clock.pass(Duration.ofHours(1));

    start(both("ADOPTED", "public"));
    Got got = get(MODEL);

    assertThat(got.body()).isEqualTo(model);
    assertThat(hub.fileBytesSent()).isEqualTo(model.length + 2);
    stop();
    assertThat(warnings).isEmpty();
  }

  /** Primary knows of the repo that not everybody may read it, and has nothing else of it. */
  @Test
  void export_ofAPrivateRepoWhoseLocationWasAway_findsItWhereItsFilesAre() throws Exception {
    pull(PullTest.By.SERVER, REPO, "secondary");
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    clock.pass(Duration.ofHours(1));
    assertThat(get(MODEL).status()).isEqualTo(401);
    assertThat(stop().blobs()).isEmpty();
    assertThat(new OnDisk(second).tree(FOLDER)).isEmpty();
    start();
    assertThat(head(MODEL, "Authorization", "Bearer hf_ann").status()).isEqualTo(200);
    assertThat(stop().blobs()).isEmpty();

    Path out = root.resolve("out");
    try (Larder larder = larder()) {
      assertThat(larder.list())
          .filteredOn(each -> each.repo().equals(REPO))
          .extracting(RepoListing::location)
          .containsExactly("secondary");
      Archives.ExportReport _ =
          larder
              .archives()
              .export(
                  new Archives.ExportRequest(REPO, Optional.empty(), out, false),
                  Archives.Follower.NONE);
    }
    assertThat(OnDisk.bytes(out.resolve("model.bin"))).isEqualTo(model);
  }
}
