package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.catalog.SpaceRows.EvictionRow;
import dev.larder.catalog.SpaceRows.NeedRow;
import dev.larder.catalog.SpaceRows.PinRow;
import dev.larder.catalog.SpaceRows.WorthRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does for the space that blobs take, and for looking after them. */
abstract class SpaceContract {
  static final RepoId MODEL = RepoId.model("org/name");
  static final RepoId DATASET = RepoId.parse("datasets/org/name");
  static final Commit COMMIT = new Commit("a".repeat(40));
  static final Digest ONE = new Digest("1".repeat(64));
  static final Digest TWO = new Digest("2".repeat(64));
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

  Catalog catalog;

  abstract Catalog open();

  @BeforeEach
  void openCatalog() {
    catalog = open();
  }

  @AfterEach
  void closeCatalog() {
    catalog.close();
  }

  static BlobRow blob(Digest digest, long size, boolean deleting) {
    return new BlobRow(digest, new Fingerprint(1, size, 2, 77), deleting);
  }

  static EntryRow entry(RepoId repo, String path, Identity identity) {
    return new EntryRow(repo, COMMIT, new EntryPath(path), identity, 5, identity instanceof Digest);
  }

  @Test
  void worths_areOfBlobsThatMayBeUsed_withTheirLatestUse() {
    catalog.putBlob(blob(ONE, 10, false));
    catalog.putBlob(blob(TWO, 20, false));
    catalog.putBlob(blob(new Digest("3".repeat(64)), 30, true));
    catalog.touch(List.of(new Use(MODEL, ONE, NOON), new Use(DATASET, ONE, NOON.plusSeconds(5))));
    catalog.putShown(new Catalog.ShownRow(MODEL, COMMIT, new EntryPath("a.bin"), ONE, ONE, true));

    assertThat(catalog.space().worths())
        .containsExactlyInAnyOrder(
            new WorthRow(ONE, 10, 77, Optional.of(NOON.plusSeconds(5)), true),
            new WorthRow(TWO, 20, 77, Optional.empty(), false));
  }

  @Test
  void needs_areBySha256AndByGitId_andOfWhatIsHere() {
    GitBlobId git = new GitBlobId("d".repeat(40));
    catalog.putBlob(blob(ONE, 10, false));
    catalog.putBlob(blob(TWO, 20, false));
    catalog.pinBlob(git, TWO);
    catalog.putEntries(
        List.of(
            entry(MODEL, "a.bin", ONE),
            entry(DATASET, "b.json", git),
            entry(MODEL, "not-here.bin", new Digest("9".repeat(64)))));

    assertThat(catalog.space().needs())
        .containsExactlyInAnyOrder(
            new NeedRow(ONE, MODEL, COMMIT, new EntryPath("a.bin")),
            new NeedRow(TWO, DATASET, COMMIT, new EntryPath("b.json")));
  }

  @Test
  void newestRefs_areTheLastConfirmedOfEachRepo() {
    RefRow old = new RefRow(MODEL, new Revision("v1"), COMMIT, NOON);
    RefRow newer =
        new RefRow(MODEL, Revision.MAIN, new Commit("b".repeat(40)), NOON.plusSeconds(1));
    RefRow only = new RefRow(DATASET, new Revision("v2"), COMMIT, NOON);
    List.of(newer, old, only).forEach(catalog::putRef);

    assertThat(catalog.space().newestRefs()).containsExactlyInAnyOrder(newer, only);
  }

  @Test
  void pins_saidAgain_areAsTheyWereSaidLast_andForgottenOneByOne() {
    SpaceRows space = catalog.space();
    PinRow whole =
        new PinRow(MODEL, Optional.empty(), "ann", NOON, Optional.of(NOON.plusSeconds(9)), "why");
    PinRow one =
        new PinRow(
            MODEL, Optional.of(new Revision("v1")), "ann", NOON, Optional.empty(), "say \"so\"");
    PinRow others = new PinRow(MODEL, Optional.empty(), "ben", NOON, Optional.empty(), "");
    List.of(one, others, whole).forEach(space::putPin);
    PinRow renewed =
        new PinRow(MODEL, Optional.empty(), "ben", NOON.plusSeconds(1), Optional.of(NOON), "again");
    space.putPin(renewed);

    assertThat(space.pins()).containsExactly(whole, renewed, one);

    space.forgetPin(whole);
    space.forgetPin(whole);

    assertThat(space.pins()).containsExactly(renewed, one);
  }

  private static EvictionRow eviction(Digest digest, Instant at, String... paths) {
    return new EvictionRow(
        at,
        digest,
        Optional.of(MODEL),
        Stream.of(paths).map(EntryPath::new).toList(),
        10,
        "used longest ago",
        "org/other");
  }

  @Test
  void evictions_areToldNewestFirst_andTheOldestForgotten() {
    SpaceRows space = catalog.space();
    EvictionRow first = eviction(ONE, NOON, "a.bin", "b/a.bin");
    EvictionRow nobodys =
        new EvictionRow(NOON.plusSeconds(1), TWO, Optional.empty(), List.of(), 7, "x", "y");
    EvictionRow last = eviction(ONE, NOON.plusSeconds(2), "a.bin");
    space.addEvictions(List.of(first), 2);
    space.addEvictions(List.of(first, nobodys), 2);

    assertThat(space.evictions(NOON, 10)).containsExactly(nobodys, first);

    space.addEvictions(List.of(last), 2);
    space.addEvictions(List.of(), 2);

    assertThat(space.evictions(Instant.EPOCH, 10)).containsExactly(last, nobodys);
    assertThat(space.evictions(Instant.EPOCH, 1)).containsExactly(last);
    assertThat(space.evictions(NOON.plusSeconds(2), 10)).containsExactly(last);
  }

  @Test
  void checks_areKeptUntilTheyAreForgotten() {
    CheckRows checks = catalog.checks();
    checks.putChecked(List.of(ONE, TWO), NOON);
    checks.putChecked(List.of(TWO), NOON.plusSeconds(5));
    checks.forgetChecked(List.of(ONE));

    assertThat(checks.checked()).containsOnly(Map.entry(TWO, NOON.plusSeconds(5)));
  }

  @Test
  void lostBlob_isLostUntilItIsHereAgain() {
    CheckRows checks = catalog.checks();
    checks.putLost(List.of(ONE));
    checks.putLost(List.of(ONE, TWO));
    assertThat(checks.lost()).containsExactlyInAnyOrder(ONE, TWO);

    catalog.putBlob(new BlobRow(ONE, new Fingerprint(1, 2, 3, 4), false));
    checks.forgetLost(TWO);

    assertThat(checks.lost()).isEmpty();
  }

  @Test
  void scrubs_theNewestIsTold() {
    CheckRows checks = catalog.checks();
    assertThat(checks.lastScrub()).isEmpty();
    CheckRows.ScrubRow running = new CheckRows.ScrubRow(NOON, Optional.empty(), 1000, 1, 10, 1, 0);
    checks.putScrub(
        new CheckRows.ScrubRow(NOON.minusSeconds(60), Optional.of(NOON), 9, 9, 9, 0, 0));
    checks.putScrub(running);
    assertThat(checks.lastScrub()).contains(running);

    CheckRows.ScrubRow ended =
        new CheckRows.ScrubRow(NOON, Optional.of(NOON.plusSeconds(9)), 1000, 2, 1000, 1, 1);
    checks.putScrub(ended);
    assertThat(checks.lastScrub()).contains(ended);
  }
}
