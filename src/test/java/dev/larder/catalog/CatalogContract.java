package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.larder.catalog.AccountRows.AccountRow;
import dev.larder.catalog.AccountRows.GrantRow;
import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.Holder;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.TrafficOf;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every catalog does, whatever database it lies in. */
abstract class CatalogContract extends SpaceContract {
  @Test
  void blob_putTwiceThenForgotten_isReplacedThenGone() {
    catalog.putBlob(new BlobRow(ONE, new Fingerprint(1, 2, 3, 4), false));
    BlobRow marked = new BlobRow(ONE, new Fingerprint(9, 8, Long.MAX_VALUE, 6), true);
    catalog.putBlob(marked);
    BlobRow other = new BlobRow(TWO, new Fingerprint(1, 0, -5, 4), false);
    catalog.putBlob(other);

    assertThat(catalog.blobs()).containsExactlyInAnyOrder(marked, other);

    catalog.forgetBlob(ONE);
    catalog.forgetBlob(ONE);

    assertThat(catalog.blobs()).containsExactly(other);
  }

  @Test
  void gitId_pinnedTwice_keepsTheFirst() {
    GitBlobId id = new GitBlobId("b".repeat(40));
    assertThat(catalog.blobOf(id)).isEmpty();

    catalog.pinBlob(id, ONE);
    catalog.pinBlob(id, TWO);

    assertThat(catalog.blobOf(id)).contains(ONE);
  }

  @Test
  void repo_putTwice_isReplacedAndListedByName() {
    RepoRow first = new RepoRow(MODEL, Visibility.UNKNOWN, NOON, "org/name");
    catalog.putRepo(first);
    RepoRow second = new RepoRow(MODEL, Visibility.RESTRICTED, NOON.plusSeconds(1), "new-org/name");
    catalog.putRepo(second);
    RepoRow dataset = new RepoRow(DATASET, Visibility.PUBLIC, NOON, "org/name");
    catalog.putRepo(dataset);

    assertThat(catalog.repo(MODEL)).contains(second);
    assertThat(catalog.repo(RepoId.model("absent"))).isEmpty();
    assertThat(catalog.repos()).containsExactly(dataset, second);
  }

  @Test
  void repo_modelCalledDatasets_isNotTheDataset() {
    RepoRow odd = new RepoRow(RepoId.model("datasets/name"), Visibility.PUBLIC, NOON, "x");
    catalog.putRepo(odd);

    assertThat(catalog.repo(RepoId.parse("datasets/name"))).isEmpty();
    assertThat(catalog.repos()).containsExactly(odd);
  }

  @Test
  void holder_changes_whatWasKnownIsTheFormersAndRightsStay() {
    Commit second = new Commit("c".repeat(40));
    RepoRow row = new RepoRow(MODEL, Visibility.PUBLIC, NOON, "org/name");
    catalog.putHolder(MODEL, "1");
    assertThat(catalog.holder(MODEL)).as("without a row").isEqualTo(Holder.UNKNOWN);
    catalog.putRepo(row);
    assertThat(catalog.holder(MODEL)).isEqualTo(Holder.UNKNOWN);
    catalog.putHolder(MODEL, "1");
    catalog.putRepo(row);
    catalog.putRef(new RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.putRef(new RefRow(DATASET, Revision.MAIN, second, NOON));
    assertThat(catalog.holder(MODEL)).isEqualTo(new Holder(Optional.of("1"), Set.of()));
    assertThat(catalog.commits(MODEL)).containsExactly(COMMIT);

    catalog.changeHolder(MODEL, "2", Set.of(COMMIT, second));
    catalog.changeHolder(MODEL, "2", Set.of(COMMIT));

    assertThat(catalog.holder(MODEL))
        .isEqualTo(new Holder(Optional.of("2"), Set.of(COMMIT, second)));
    assertThat(catalog.commits(MODEL)).isEmpty();
    assertThat(catalog.refs(MODEL)).isEmpty();
    assertThat(catalog.refs(DATASET)).hasSize(1);
    assertThat(catalog.repo(MODEL)).contains(row);
    catalog.forgetFormer(MODEL, second);
    assertThat(catalog.holder(MODEL).former()).containsExactly(COMMIT);
  }

  @Test
  void ref_movesAndIsForgotten() {
    Revision pr = new Revision("refs/pr/1");
    catalog.putRef(new RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    RefRow moved =
        new RefRow(MODEL, Revision.MAIN, new Commit("c".repeat(40)), NOON.plusSeconds(9));
    catalog.putRef(moved);
    RefRow other = new RefRow(MODEL, pr, COMMIT, NOON);
    catalog.putRef(other);
    catalog.putRef(new RefRow(DATASET, Revision.MAIN, COMMIT, NOON));

    assertThat(catalog.ref(MODEL, Revision.MAIN)).contains(moved);
    assertThat(catalog.refs(MODEL)).containsExactly(moved, other);

    catalog.forgetRef(MODEL, pr);

    assertThat(catalog.ref(MODEL, pr)).isEmpty();
    assertThat(catalog.refs(MODEL)).containsExactly(moved);
  }

  @Test
  void entries_putAgain_areReplacedAndOrderedByPath() {
    EntryRow small =
        new EntryRow(
            MODEL, COMMIT, new EntryPath("b/x y.txt"), new GitBlobId("d".repeat(40)), 3, false);
    EntryRow large = new EntryRow(MODEL, COMMIT, new EntryPath("a.bin"), ONE, 1L << 40, true);
    catalog.putEntries(List.of(small, large));
    EntryRow again = new EntryRow(MODEL, COMMIT, new EntryPath("a.bin"), TWO, 0, true);
    catalog.putEntries(List.of(again));
    catalog.putEntries(List.of());

    assertThat(catalog.entry(MODEL, COMMIT, new EntryPath("a.bin"))).contains(again);
    assertThat(catalog.entry(DATASET, COMMIT, new EntryPath("a.bin"))).isEmpty();
    assertThat(catalog.entries(MODEL, COMMIT)).containsExactly(again, small);
  }

  @Test
  void entriesOfADigest_areThoseOfTheRepo_withoutSmallFiles() {
    EntryRow large = new EntryRow(MODEL, COMMIT, new EntryPath("a.bin"), ONE, 5, true);
    EntryRow copy = new EntryRow(MODEL, COMMIT, new EntryPath("b.bin"), ONE, 5, true);
    EntryRow small = new EntryRow(MODEL, COMMIT, new EntryPath("c.txt"), ONE, 5, false);
    EntryRow elsewhere = new EntryRow(DATASET, COMMIT, new EntryPath("a.bin"), TWO, 5, true);
    catalog.putEntries(List.of(large, copy, small, elsewhere));

    assertThat(catalog.entriesOf(MODEL, Set.of(ONE))).containsExactly(large, copy);
    assertThat(catalog.entriesOf(MODEL, Set.of(TWO))).isEmpty();
    assertThat(catalog.entriesOf(DATASET, Set.of(ONE, TWO))).containsExactly(elsewhere);
    assertThat(catalog.entriesOf(DATASET, Set.of())).isEmpty();
  }

  /** More than a statement of SQLite takes, which is 32766 by now. */
  @Test
  void entriesOfDigestsWithoutNumber_areFoundInOneQuestion() {
    List<EntryRow> rows =
        IntStream.range(0, 40_000)
            .mapToObj(
                i ->
                    new EntryRow(
                        MODEL,
                        COMMIT,
                        new EntryPath("f" + i),
                        new Digest("%064x".formatted(i)),
                        i,
                        true))
            .toList();
    catalog.putEntries(rows);
    Set<Digest> digests =
        rows.stream().map(row -> (Digest) row.identity()).collect(Collectors.toSet());
    assertThat(catalog.entriesOf(MODEL, digests)).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void document_putTwice_isReplacedByteForByte() {
    catalog.putDocument(
        new DocumentRow(MODEL, "tree/main", new byte[] {1}, "text/plain", "", NOON));
    byte[] body = {0, -1, 127, '\n'};
    catalog.putDocument(
        new DocumentRow(
            MODEL, "tree/main", body, "application/json", "etag: \"x\"\nlink: y", NOON));

    DocumentRow found = catalog.document(MODEL, "tree/main").orElseThrow();
    assertThat(found.body()).isEqualTo(body);
    assertThat(found.contentType()).isEqualTo("application/json");
    assertThat(found.headers()).isEqualTo("etag: \"x\"\nlink: y");
    assertThat(found.fetchedAt()).isEqualTo(NOON);
    assertThat(catalog.document(MODEL, "other")).isEmpty();
  }

  private DocumentRow page(int minute, int bytes) {
    return new DocumentRow(
        MODEL, "page " + minute, new byte[bytes], "a/b", "", NOON.plusSeconds(60L * minute));
  }

  @Test
  void shown_putTwiceThenForgotten_isThereOnceThenGone() {
    Catalog.ShownRow config =
        new Catalog.ShownRow(MODEL, COMMIT, new EntryPath("a/config.json"), ONE, ONE, false);
    Catalog.ShownRow other = new Catalog.ShownRow(DATASET, COMMIT, config.path(), ONE, ONE, false);
    catalog.putShown(new Catalog.ShownRow(MODEL, COMMIT, config.path(), TWO, TWO, false));
    catalog.putShown(config);
    catalog.putShown(other);
    assertThat(catalog.shown(MODEL)).containsExactly(config);
    catalog.forgetShown(
        List.of(new Catalog.ShownRow(MODEL, COMMIT, config.path(), TWO, TWO, false)));
    assertThat(catalog.shown(MODEL)).as("another one since").containsExactly(config);
    catalog.forgetShown(List.of(config));
    assertThat(catalog.shown(MODEL)).isEmpty();
    assertThat(catalog.shown(DATASET)).containsExactly(other);
  }

  @Test
  void contents_forgotten_areGoneForThatRepoAlone_andItsStandingStays() {
    EntryPath path = new EntryPath("config.json");
    for (RepoId repo : List.of(MODEL, DATASET)) {
      catalog.putRepo(new RepoRow(repo, Visibility.RESTRICTED, NOON, repo.name()));
      catalog.putRef(new RefRow(repo, new Revision("main"), COMMIT, NOON));
      catalog.putEntries(List.of(new EntryRow(repo, COMMIT, path, ONE, 1, true)));
      catalog.putDocument(new DocumentRow(repo, "info", new byte[1], "text/plain", "", NOON));
    }
    catalog.forgetContents(MODEL);
    assertThat(catalog.refs(MODEL)).isEmpty();
    assertThat(catalog.entries(MODEL, COMMIT)).isEmpty();
    assertThat(catalog.document(MODEL, "info")).isEmpty();
    assertThat(catalog.repo(MODEL)).isPresent();
    assertThat(catalog.refs(DATASET)).hasSize(1);
    assertThat(catalog.entries(DATASET, COMMIT)).hasSize(1);
    assertThat(catalog.document(DATASET, "info")).isPresent();
  }

  @Test
  void documents_pruned_keepTheNewestWithinBothLimits() {
    for (int minute = 0; minute < 10; minute++) {
      catalog.putDocument(page(minute, 100));
    }
    catalog.pruneDocuments(10, 1000);
    assertThat(catalog.document(MODEL, "page 0")).isPresent();

    catalog.pruneDocuments(6, 1000);
    assertThat(catalog.document(MODEL, "page 3")).isEmpty();
    assertThat(catalog.document(MODEL, "page 4")).isPresent();

    catalog.pruneDocuments(6, 299);
    assertThat(catalog.document(MODEL, "page 7")).isEmpty();
    assertThat(catalog.document(MODEL, "page 8")).isPresent();
    assertThat(catalog.document(MODEL, "page 9")).isPresent();
  }

  @Test
  void traffic_addedOverTwoDays_isSummedSinceTheDayAsked() {
    Instant dayBefore = NOON.minusSeconds(86_400);
    TrafficOf repo = TrafficOf.REPO;
    catalog.addTraffic(repo, List.of(row(dayBefore, "org/name", 100), row(NOON, "org/name", 1)));
    catalog.addTraffic(repo, List.of(row(NOON.plusSeconds(60), "org/name", 2)));
    catalog.addTraffic(repo, List.of(row(NOON, "other", 5)));
    catalog.addTraffic(TrafficOf.CALLER, List.of(row(NOON, "anonymous", 7)));
    Instant day = Instant.parse("2026-03-01T00:00:00Z");

    assertThat(catalog.traffic(repo, NOON))
        .containsExactly(row(day, "org/name", 3), row(day, "other", 5));
    assertThat(catalog.traffic(repo, Instant.MIN).getFirst()).isEqualTo(row(day, "org/name", 103));
    assertThat(catalog.trafficByDay(Instant.MIN))
        .containsExactly(row(day.minusSeconds(86_400), "", 100), row(day, "", 8));
    assertThat(catalog.traffic(TrafficOf.CALLER, Instant.MIN))
        .containsExactly(row(day, "anonymous", 7));
  }

  private static TrafficRow row(Instant day, String name, long n) {
    return new TrafficRow(
        day, "hf", name, new Catalog.Counts(n, 2 * n, 3 * n, 4 * n, 5 * n, 6 * n, 7 * n, 8 * n));
  }

  @Test
  void decisions_areFoundByRepoPathAndIdentity_theNewestFirst() {
    DecisionRows decisions = catalog.decisions();
    decisions.add(List.of(decision(1, "", "a1"), decision(2, "x", "a1"), decision(3, "y", "b2")));

    assertThat(decisions.of(MODEL, "", "", 9))
        .extracting(DecisionRow::path)
        .containsExactly("y", "x", "");
    assertThat(decisions.of(MODEL, "", "x", 9))
        .extracting(DecisionRow::path)
        .containsExactly("x", "");
    assertThat(decisions.of(MODEL, "", "", 1)).containsExactly(decision(3, "y", "b2"));
    assertThat(decisions.ofIdentity("a1", 9))
        .extracting(DecisionRow::path)
        .containsExactly("x", "");
  }

  @Test
  void decisions_ofARevision_areFoundBehindAnyNumberOfOthers() {
    DecisionRows decisions = catalog.decisions();
    decisions.add(List.of(of("v1", "c1", 1), of("", "c1", 2), of("", "", 3)));
    for (int i = 10; i < 40; i++) {
      decisions.add(List.of(of("main", "c" + i, i)));
    }

    assertThat(decisions.of(MODEL, "v1", "", 9))
        .extracting(DecisionRow::at)
        .containsExactly(NOON.plusSeconds(3), NOON.plusSeconds(2), NOON.plusSeconds(1));
    assertThat(decisions.of(MODEL, "c1", "", 9)).hasSize(3);
  }

  private static DecisionRow of(String revision, String commit, int seconds) {
    return new DecisionRow(
        NOON.plusSeconds(seconds),
        MODEL.toString(),
        revision,
        "",
        commit,
        "",
        DecisionRow.STALE,
        "anonymous",
        "",
        1);
  }

  @Test
  void decision_thatIsTakenAgain_isOneMoreTimeOfTheFirst() {
    DecisionRows decisions = catalog.decisions();
    decisions.add(List.of(decision(1, "x", "a1"), decision(1, "y", "a1")));
    decisions.add(List.of(decision(2, "x", "a1")));
    decisions.add(List.of(decision(3, "x", "a1"), decision(3, "x", "b2")));

    assertThat(decisions.of(MODEL, "", "", 9))
        .extracting(DecisionRow::at, DecisionRow::path, DecisionRow::identity, DecisionRow::times)
        .containsExactlyInAnyOrder(
            tuple(NOON.plusSeconds(3), "x", "a1", 3L),
            tuple(NOON.plusSeconds(3), "x", "b2", 1L),
            tuple(NOON.plusSeconds(1), "y", "a1", 1L));
  }

  @Test
  void decisions_pruned_keepTheNewestOfEachSort() {
    DecisionRows decisions = catalog.decisions();
    for (int i = 0; i < 10; i++) {
      decisions.add(List.of(decision(i, "p" + i, "a1"), of("main", "c" + i, i)));
    }
    decisions.prune(NOON.plusSeconds(1), new DecisionRows.Most(0, 2, 3));

    assertThat(decisions.of(MODEL, "", "", 99))
        .extracting(DecisionRow::path, DecisionRow::commit)
        .containsExactlyInAnyOrder(
            tuple("p9", ""), tuple("p8", ""), tuple("p7", ""), tuple("", "c9"), tuple("", "c8"));
    decisions.prune(NOON.plusSeconds(9), new DecisionRows.Most(0, 2, 3));
    assertThat(decisions.of(MODEL, "", "", 99)).hasSize(2);
  }

  private static DecisionRow decision(int seconds, String path, String identity) {
    return new DecisionRow(
        NOON.plusSeconds(seconds),
        MODEL.toString(),
        "main",
        path,
        "",
        identity,
        DecisionRow.MISS,
        "anonymous",
        "It was not asked for before.",
        1);
  }

  @Test
  void scans_putAgainAndForgotten_areWhatWasPutLast() {
    catalog.scans().put(Map.of(MODEL, new byte[] {1}));
    catalog.scans().put(Map.of(MODEL, new byte[] {2, 3}));
    assertThat(catalog.scans().all()).containsOnlyKeys(MODEL);
    assertThat(catalog.scans().all().get(MODEL)).containsExactly(2, 3);

    catalog.scans().forget(List.of(MODEL));

    assertThat(catalog.scans().all()).isEmpty();
  }

  @Test
  void use_reportedOutOfOrder_keepsTheLatest_andIsFoundByTheNameThatGitHasToo() {
    GitBlobId git = new GitBlobId("b".repeat(40));
    catalog.pinBlob(git, ONE);

    catalog.touch(List.of(new Use(MODEL, ONE, NOON), new Use(MODEL, TWO, NOON.minusSeconds(5))));
    catalog.touch(List.of(new Use(MODEL, ONE, NOON.minusSeconds(60))));

    Map<String, Instant> uses =
        Map.of(ONE.hex(), NOON, git.hex(), NOON, TWO.hex(), NOON.minusSeconds(5));
    assertThat(catalog.lastUses()).isEqualTo(Map.of(MODEL, uses));
  }

  private static AccountRow account(String id, String name, String... groups) {
    return new AccountRow(
        id, name, "hash-" + id, Set.of(groups), NOON, Optional.empty(), Optional.empty());
  }

  @Test
  void account_putAgain_hasItsGroupsReplaced() {
    AccountRows access = catalog.access();
    access.putAccount(account("2", "ci", "builders", "night"));
    access.putAccount(account("1", "ann"));
    AccountRow moved =
        new AccountRow(
            "2",
            "ci",
            "hash-2",
            Set.of("day"),
            NOON,
            Optional.of(NOON.plusSeconds(9)),
            Optional.empty());
    access.putAccount(moved);

    assertThat(access.accounts()).containsExactly(account("1", "ann"), moved);

    access.forgetAccount("2");
    access.forgetAccount("2");
    access.putAccount(account("2", "ci"));

    assertThat(access.accounts()).containsExactly(account("1", "ann"), account("2", "ci"));
  }

  @Test
  void account_nameOrTokenTaken_isRefused() {
    AccountRows access = catalog.access();
    access.putAccount(account("1", "ann"));

    assertThatThrownBy(() -> access.putAccount(account("2", "ann")))
        .isInstanceOf(CatalogException.class);
    assertThatThrownBy(
            () ->
                access.putAccount(
                    new AccountRow(
                        "2", "ben", "hash-1", Set.of(), NOON, Optional.empty(), Optional.empty())))
        .isInstanceOf(CatalogException.class);
    assertThat(access.accounts()).containsExactly(account("1", "ann"));
  }

  @Test
  void account_used_keepsTheLatestDay() {
    AccountRows access = catalog.access();
    access.putAccount(account("1", "ann"));

    access.used("1", NOON);
    access.used("1", NOON.minusSeconds(86_400));
    access.used("nobody", NOON);

    assertThat(access.accounts().getFirst().usedOn())
        .contains(Instant.parse("2026-03-01T00:00:00Z"));
  }

  @Test
  void grants_changed_areOneAfterTheOther() {
    AccountRows access = catalog.access();
    GrantRow first = new GrantRow("a", "org/*", NOON);
    GrantRow second = new GrantRow("b", "org/*", NOON);
    access.changeGrants(List.of(), List.of(second, first));
    access.changeGrants(List.of(), List.of(new GrantRow("a", "org/*", NOON.plusSeconds(1))));

    assertThat(access.grants()).containsExactly(first, second);

    GrantRow third = new GrantRow("a", "datasets/org/x", NOON);
    access.changeGrants(List.of(second, new GrantRow("c", "x", NOON)), List.of(third));

    assertThat(access.grants()).containsExactly(third, first);
  }

  @Test
  void writersAndReaders_atOnce_loseNothing() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, 16)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            for (int n = 0; n < 10; n++) {
                              catalog.addTraffic(TrafficOf.REPO, List.of(row(NOON, "r", i)));
                              assertThat(catalog.traffic(TrafficOf.REPO, NOON)).hasSize(1);
                            }
                          }))
              .toList();
      for (Future<?> each : all) {
        each.get();
      }
    }

    assertThat(catalog.traffic(TrafficOf.REPO, NOON).getFirst().counts().hits()).isEqualTo(1_200);
  }
}
