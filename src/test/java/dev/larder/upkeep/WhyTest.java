package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.access.Access;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.catalog.SpaceRows.EvictionRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhyTest {
  private static final RepoId REPO = RepoId.model("o/r");
  private static final Commit COMMIT = new Commit("1".repeat(40));
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Digest DIGEST = new Digest("ab".repeat(32));

  @TempDir Path root;

  private final Catalog catalog = JdbiCatalog.openInMemory();
  private LocalBlobStore store;
  private HubTree tree;
  private Why.Rooms rooms;
  private Why why;

  @BeforeEach
  void open() throws IOException {
    Path larder = root.resolve("larder");
    Files.createDirectories(larder.resolve("quarantine"));
    Files.writeString(
        larder.resolve("quarantine").resolve(DIGEST.hex() + "." + NOW.toEpochMilli() + ".mismatch"),
        "wrong");
    LocalDisk disk = new LocalDisk();
    store = LocalBlobStore.open(larder, disk, new MemoryLedger(), StoreLimits.none(), () -> NOW);
    tree = LocalHubTree.open(root.resolve("hub"), disk, store);
    Access access =
        Access.openToRead(
            larder, catalog, new Access.Terms(Duration.ofMinutes(1), Optional.empty()), () -> NOW);
    rooms = new Why.Rooms(store, catalog, tree, access.tokens(), List.of());
    why = new Why(rooms, terms(false, false));
  }

  private static Why.Terms terms(boolean offline, boolean trusting) {
    return new Why.Terms(offline, trusting, false, Duration.ofMinutes(1), () -> NOW);
  }

  @AfterEach
  void close() {
    store.close();
    catalog.close();
  }

  private WhyReport explained(String target) {
    return why.explain(WhyRequest.read(target));
  }

  private static DecisionRow decision(int secondsAgo, String revision, String path, String detail) {
    return new DecisionRow(
        NOW.minusSeconds(secondsAgo),
        "o/r",
        revision,
        path,
        "",
        "",
        DecisionRow.MISS,
        "anonymous",
        detail,
        3);
  }

  @Test
  void explain_ofWhatWasNeverSeen_saysThatNothingIsKnown() {
    WhyReport report = explained("o/r");

    assertThat(report.cached()).isFalse();
    assertThat(report.decisions()).isEmpty();
    assertThat(report.facts())
        .extracting(WhyReport.Fact::text)
        .contains("Nothing of it is cached.");
    assertThat(report.next()).contains("asks the hub", "fetched from the hub");
  }

  @Test
  void explain_ofAFile_hasDecisionsOfThatRevisionTheNewestFirst() {
    catalog
        .decisions()
        .add(
            List.of(
                decision(30, "main", "x", "first"),
                decision(10, "main", "x", "second"),
                decision(5, "main", "other", "of another file"),
                decision(4, "v1", "x", "of another branch")));

    assertThat(explained("o/r@main:x").decisions())
        .extracting(WhyReport.Decision::detail)
        .containsExactly("second", "first");
    assertThat(explained("o/r").decisions()).hasSize(4);
  }

  @Test
  void explain_ofABranch_hasWhatWasDecidedOfTheCommitThatItMeans() {
    catalog.putRef(new RefRow(REPO, Revision.MAIN, COMMIT, NOW));
    catalog
        .decisions()
        .add(
            List.of(
                decision(9, COMMIT.hex(), "x", "of a pull"),
                decision(8, "main", "x", "of a client"),
                decision(7, "2".repeat(40), "x", "of another commit")));

    assertThat(explained("o/r@main:x").decisions())
        .extracting(WhyReport.Decision::detail)
        .containsExactly("of a client", "of a pull");
  }

  @Test
  void explain_ofABranchThatTheHubConfirmed_asksNothingUntilItIsOld() {
    catalog.putRepo(new RepoRow(REPO, Visibility.PUBLIC, NOW, "o/r"));
    catalog.putRef(new RefRow(REPO, Revision.MAIN, COMMIT, NOW.minusSeconds(59)));
    assertThat(explained("o/r:x").next()).isEqualTo("The next request is fetched from the hub.");

    catalog.putRef(new RefRow(REPO, Revision.MAIN, COMMIT, NOW.minusSeconds(61)));
    assertThat(explained("o/r:x").next()).contains("asks the hub what the revision means");
  }

  @Test
  void explain_ofBytesInQuarantine_saysWhatTheyShouldHaveBeen() {
    WhyReport report = explained("blob:" + DIGEST.hex());

    assertThat(report.cached()).isFalse();
    assertThat(report.facts().getFirst().text()).contains("is in quarantine");
    assertThat(report.decisions())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.kind()).isEqualTo("quarantined");
              assertThat(each.at()).isEqualTo(NOW);
              assertThat(each.detail()).contains("mismatch");
            });
  }

  @Test
  void explain_ofAnEvictedFile_namesThatFileAndWhatItWentFor() {
    catalog
        .decisions()
        .add(List.of(decision(30, "main", "b", "old"), decision(1, "main", "b", "new")));
    catalog
        .space()
        .addEvictions(
            List.of(
                new EvictionRow(
                    NOW.minusSeconds(10),
                    DIGEST,
                    Optional.of(REPO),
                    List.of(new EntryPath("a"), new EntryPath("b")),
                    5_000_000,
                    "not used for 3 days",
                    "o/other")),
            9);

    assertThat(explained("o/r@main:b").decisions())
        .extracting(WhyReport.Decision::detail)
        .containsExactly(
            "new", "5.0 MB went to make room for o/other: not used for 3 days.", "old");
    assertThat(explained("o/r@main:b").decisions().get(1).object()).isEqualTo("o/r:b");
    assertThat(explained("o/r").decisions().get(1))
        .satisfies(
            of -> {
              assertThat(of.object()).isEqualTo("o/r");
              assertThat(of.detail()).startsWith("5.0 MB (a, b) went");
            });
    assertThat(explained("blob:" + DIGEST.hex()).decisions())
        .extracting(WhyReport.Decision::kind)
        .contains("evicted");
    assertThat(explained("o/r@main:c").decisions()).isEmpty();
  }

  @Test
  void explain_ofARevisionThatIsNotHere_doesNotSayThatItIsCached() throws IOException {
    catalog.putRepo(new RepoRow(REPO, Visibility.PUBLIC, NOW, "o/r"));
    inTree(COMMIT, "x", "here");
    tree.writeRef(REPO, Revision.MAIN, COMMIT);
    Commit other = new Commit("2".repeat(40));

    assertThat(explained("o/r@v9"))
        .satisfies(
            none -> {
              assertThat(none.cached()).isFalse();
              assertThat(none.next()).contains("asks the hub what the revision means", "fetched");
            });
    assertThat(explained("o/r@" + other))
        .satisfies(
            none -> {
              assertThat(none.cached()).isFalse();
              assertThat(none.next()).isEqualTo("The next request is fetched from the hub.");
            });
    assertThat(explained("o/r").cached()).isTrue();
  }

  @Test
  void explain_ofARevisionWithoutAListing_isSureOfNothingButItsFiles() throws IOException {
    catalog.putRepo(new RepoRow(REPO, Visibility.PUBLIC, NOW, "o/r"));
    inTree(COMMIT, "x", "here");

    WhyReport some = explained("o/r@" + COMMIT);
    assertThat(some.cached()).isTrue();
    assertThat(some.next())
        .isEqualTo(
            "The next request is answered from the cache where a file is here, else fetched from"
                + " the hub.");
    assertThat(some.facts())
        .extracting(WhyReport.Fact::text)
        .contains("1 file of that commit, 4 B; what else belongs to it is not known here.");

    tree.writeListing(
        REPO,
        COMMIT,
        List.of(new ListedFile(new EntryPath("x"), 4, "a".repeat(40), Optional.empty())));
    assertThat(explained("o/r@" + COMMIT).next())
        .isEqualTo("The next request is answered from the cache.");
  }

  private void inTree(Commit commit, String path, String text) throws IOException {
    Path file = tree.snapshot(REPO, commit).resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void explain_ofARepoThatAnArchiveBrought_namesNoTime() {
    catalog.putRepo(new RepoRow(REPO, Visibility.PUBLIC, Instant.EPOCH, "o/r"));

    assertThat(explained("o/r").facts())
        .extracting(WhyReport.Fact::text)
        .contains("Everybody may read it, as is written down here; the hub was not asked.")
        .noneMatch(text -> text.contains("1970"));
  }

  @Test
  void explain_ofACommitAlone_asksForItsRepo() {
    assertThat(explained("blob:" + COMMIT.hex()).facts())
        .extracting(WhyReport.Fact::text)
        .anyMatch(text -> text.contains("org/name@" + COMMIT.hex()));
  }

  @Test
  void explain_ofWhatIsBeingFetched_saysHowFarItIs() {
    Why.Rooms busy =
        new Why.Rooms(
            store,
            catalog,
            tree,
            rooms.tokens(),
            List.of(new Why.Coming(REPO, DIGEST, 2_000_000, 5_000_000)));

    assertThat(new Why(busy, terms(false, false)).explain(WhyRequest.read("o/r:x")).facts())
        .extracting(WhyReport.Fact::text)
        .anyMatch(text -> text.contains("2.0 MB of 5.0 MB are here"));
  }

  private static String outlook(Why.Terms terms, Visibility visibility, Extent here) {
    return new Outlook(terms, visibility, Outlook.Ref.FRESH, here).sentence();
  }

  @Test
  void outlook_offline_refusesWhatIsNotHere() {
    assertThat(outlook(terms(true, false), Visibility.PUBLIC, Extent.NONE)).contains("refused");
    assertThat(outlook(terms(true, false), Visibility.PUBLIC, Extent.ALL))
        .isEqualTo("Larder is offline: the next request is answered from the cache.");
  }

  @Test
  void outlook_offline_saysWhoGetsIt() {
    assertThat(outlook(terms(true, false), Visibility.RESTRICTED, Extent.ALL))
        .contains("Only a caller whom the hub let in");
    assertThat(outlook(terms(true, false), Visibility.UNKNOWN, Extent.ALL))
        .contains("never asked of the hub");
    assertThat(outlook(terms(true, true), Visibility.UNKNOWN, Extent.ALL)).endsWith("the cache.");
  }
}
