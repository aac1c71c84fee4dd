package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.catalog.SpaceRows.PinRow;
import dev.larder.content.Digest;
import dev.larder.content.ReadableFile;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.store.BlobLease;
import dev.larder.store.Flock;
import dev.larder.store.LocalDisk;
import dev.larder.store.Lookup;
import dev.larder.testing.Bytes;
import dev.larder.testing.ForwardingDisk;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalPlan.Kind;
import dev.larder.upkeep.RemovalPlan.Staying;
import dev.larder.upkeep.RemovalPlan.Why;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code rm} and {@code prune} take, leave and count. */
class RemoverTest extends RemovalFixture {
  private final byte[] model = Bytes.of(1, 5000);
  private final byte[] newer = Bytes.of(2, 3000);
  private final byte[] config = "{}".getBytes();

  /** Two commits that share a file, as Python's library leaves them. */
  private void python() {
    downloaded(REPO, FIRST, "model.bin", model);
    downloaded(REPO, FIRST, "sub/config.json", config);
    downloaded(REPO, SECOND, "model.bin", newer);
    downloaded(REPO, SECOND, "sub/config.json", config);
    ref(REPO, "old", FIRST);
    ref(REPO, "main", SECOND);
    put(folder(REPO).resolve("trees/" + FIRST + ".json"), new byte[30]);
    put(folder(REPO).resolve(".no_exist/" + FIRST + "/absent"), new byte[0]);
    put(lock(REPO.folder(), identity(model).hex()), new byte[0]);
  }

  private Path lock(String folder, String name) {
    return root.resolve("hub/.locks").resolve(folder).resolve(name + ".lock");
  }

  /** Plan, disk and report say the same number. */
  private RemovalReport exactly(RemovalPlan plan) {
    long before = used();
    RemovalReport report = removals().apply(plan);
    assertThat(report.bytes()).isEqualTo(before - used());
    assertThat(plan.bytes()).isEqualTo(report.bytes());
    assertThat(tree.scan()).allSatisfy(repo -> assertThat(repo.problems()).isEmpty());
    return report;
  }

  @Test
  void repo_ofPythons_goesWhole_andItsLocksStay() {
    python();
    downloaded(OTHER, FIRST, "model.bin", model);
    ref(OTHER, "main", FIRST);

    exactly(removals().plan(targets("o/r")));

    assertThat(folder(REPO)).doesNotExist();
    assertThat(lock(REPO.folder(), identity(model).hex())).exists();
    assertThat(snapshot(OTHER, FIRST).resolve("model.bin")).hasBinaryContent(model);
    assertThatThrownBy(() -> removals().plan(targets("o/r")))
        .isInstanceOf(NotCached.class)
        .hasMessageContaining("o/r is not cached");
  }

  @Test
  void revision_goesWithItsRefAndWhatItAloneNeeds() {
    python();

    RemovalPlan plan = removals().plan(targets("o/r@old"));
    assertThat(plan.going())
        .singleElement()
        .satisfies(step -> assertThat(step.refs()).containsExactly(new Revision("old")));
    assertThat(plan.bytes()).isEqualTo(model.length + 40 + 30);
    exactly(plan);

    assertThat(snapshot(REPO, FIRST)).doesNotExist();
    assertThat(folder(REPO).resolve("refs/old")).doesNotExist();
    assertThat(snapshot(REPO, SECOND).resolve("sub/config.json")).hasBinaryContent(config);
    assertThatThrownBy(() -> removals().plan(targets("o/r@old"))).isInstanceOf(NotCached.class);
  }

  @Test
  void sameCommitOfTwoRepos_isRemovedOfTheNamedOneAlone() {
    downloaded(REPO, FIRST, "model.bin", model);
    downloaded(OTHER, FIRST, "model.bin", model);
    ref(REPO, "main", FIRST);
    ref(OTHER, "main", FIRST);

    exactly(removals().plan(targets("o/r@" + FIRST)));

    assertThat(folder(REPO)).doesNotExist();
    assertThat(snapshot(OTHER, FIRST).resolve("model.bin")).hasBinaryContent(model);
  }

  /** As after an import, which shares the files of a folder. */
  @Test
  void blobWithANameOutside_leavesTheStore_andTheOtherNameIsKept() throws IOException {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    ref(REPO, "main", FIRST);
    Path outside = Files.createLink(root.resolve("my-model.bin"), store.path(digest));

    RemovalReport report = removals().apply(removals().plan(targets("o/r")));

    assertThat(store.find(digest)).isInstanceOf(Lookup.Absent.class);
    assertThat(outside).hasBinaryContent(model);
    assertThat(report.bytes()).as("the model is still on the disk").isLessThan(model.length);
  }

  @Test
  void blobThatAnotherRepoNeeds_isNotCountedAndStaysInTheStore() {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    pulled(REPO, FIRST, "own.bin", newer);
    pulled(OTHER, FIRST, "model.bin", model);
    ref(REPO, "main", FIRST);

    RemovalPlan plan = removals().plan(targets("o/r"));
    assertThat(plan.bytes()).isEqualTo(newer.length + 40);
    exactly(plan);

    assertThat(store.find(digest)).isInstanceOf(Lookup.Present.class);
    assertThat(store.tryLease(digest)).as("its times were kept in step").isEmpty();
    assertThat(snapshot(OTHER, FIRST).resolve("model.bin")).hasBinaryContent(model);
    assertThat(catalog.entries(REPO)).isEmpty();
    assertThat(catalog.putInto(REPO)).isEmpty();
  }

  @Test
  void snapshotWithoutLinks_goes() {
    put(snapshot(REPO, FIRST).resolve("model.bin"), model);
    put(snapshot(REPO, FIRST).resolve("sub/config.json"), config);
    put(snapshot(REPO, SECOND).resolve("model.bin"), model);
    ref(REPO, "old", FIRST);
    ref(REPO, "main", SECOND);

    exactly(removals().plan(targets("o/r@old")));

    assertThat(snapshot(REPO, FIRST)).doesNotExist();
    assertThat(snapshot(REPO, SECOND).resolve("model.bin")).hasBinaryContent(model);
  }

  /** The layout of huggingface_hub 2.0. */
  private Path shared(dev.larder.content.RepoId repo, byte[] bytes, String xet) {
    Path store = root.resolve("hub/blobs");
    put(store.resolve(".huggingface-shared-blobs"), "1\n".getBytes());
    Path file = put(store.resolve(xet.substring(0, 2)).resolve(xet), bytes);
    put(file.resolveSibling(xet + ".refs"), "a hint\n".getBytes());
    put(file.resolveSibling(xet + ".lock"), new byte[0]);
    String name = identity(bytes).hex();
    link(
        folder(repo).resolve("blobs").resolve(name),
        "../../blobs/" + xet.substring(0, 2) + "/" + xet);
    link(snapshot(repo, FIRST).resolve("model.bin"), "../../blobs/" + name);
    ref(repo, "main", FIRST);
    return file;
  }

  @Test
  void sharedBlob_goesWithTheLastRepoThatLeadsToIt() {
    Path file = shared(REPO, model, "ab".repeat(32));
    shared(OTHER, model, "ab".repeat(32));

    assertThat(exactly(removals().plan(targets("o/r"))).bytes()).isEqualTo(40);
    assertThat(snapshot(OTHER, FIRST).resolve("model.bin")).hasBinaryContent(model);

    removals().apply(removals().plan(targets("datasets/o/other")));
    RemovalReport swept = prune();

    assertThat(swept.gone()).extracting(Going::kind).containsExactly(Kind.SHARED_BLOB);
    assertThat(file).doesNotExist();
    assertThat(file.resolveSibling(file.getFileName() + ".lock")).exists();
  }

  @Test
  void sharedBlob_whoseLockPythonHolds_stays() throws IOException {
    Path file = shared(REPO, model, "ab".repeat(32));
    remove("o/r");
    try (Flock _ =
        Flock.tryAcquire(file.resolveSibling(file.getFileName() + ".lock"), 0666).orElseThrow()) {
      assertThat(prune().stayed()).singleElement().asString().contains("is using it now");
    }
    assertThat(file).exists();
  }

  @Test
  void downloadThatGoesOn_staysWithItsFile() throws IOException {
    python();
    String busy = "9".repeat(64);
    Path part = put(folder(REPO).resolve("blobs/" + busy + ".0a1b2c3d.incomplete"), model);
    Path lock = put(lock(REPO.folder(), busy), new byte[0]);
    try (Flock _ = Flock.tryAcquire(lock, 0666).orElseThrow()) {
      assertThat(remove("o/r").stayed()).singleElement().asString().contains("downloading it now");
    }
    assertThat(part).exists();
    assertThat(folder(REPO).resolve("refs")).doesNotExist();
    assertThat(tree.scan()).allSatisfy(repo -> assertThat(repo.problems()).isEmpty());
  }

  @Test
  void linksOutOfTheCache_goAndWhatTheyLeadToStays() throws IOException {
    python();
    Path precious = put(directory.resolve("precious/file"), model);
    link(snapshot(REPO, FIRST).resolve("out"), precious.toString());
    link(snapshot(REPO, FIRST).resolve("dir"), precious.getParent().toString());
    link(folder(REPO).resolve("strays"), precious.getParent().toString());
    Files.delete(folder(REPO).resolve("trees/" + FIRST + ".json"));
    Files.delete(folder(REPO).resolve("trees"));
    link(folder(REPO).resolve("trees"), precious.getParent().toString());
    put(precious.resolveSibling(FIRST + ".json"), config);

    remove("o/r");

    assertThat(folder(REPO)).doesNotExist();
    assertThat(precious).hasBinaryContent(model);
    assertThat(precious.resolveSibling(FIRST + ".json")).exists();
  }

  @Test
  void blobThatIsRead_staysInTheStoreUntilThePruneAfter() {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    ref(REPO, "main", FIRST);
    try (BlobLease lease = store.lease(digest).orElseThrow()) {
      RemovalReport report = remove("o/r");
      assertThat(report.stayed()).singleElement().asString().contains("it is being read");
      assertThat(folder(REPO)).doesNotExist();
      assertThat(lease.sizeBytes()).isEqualTo(model.length);
    }
    later = Duration.ofHours(2);
    assertThat(prune().bytes()).isEqualTo(model.length);
    assertThat(store.list()).isEmpty();
  }

  @Test
  void prune_takesWhatNothingNames_andNothingElse() throws IOException {
    python();
    Files.delete(folder(REPO).resolve("refs/old"));
    put(folder(REPO).resolve("blobs/" + "5".repeat(40)), new byte[11]);
    Path old = put(folder(REPO).resolve("blobs/" + "6".repeat(40) + ".incomplete"), new byte[12]);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    Path fresh = put(folder(REPO).resolve("blobs/" + "7".repeat(40) + ".incomplete"), new byte[13]);
    Digest orphan = pulled(OTHER, FIRST, "x.bin", Bytes.of(9, 700));
    assertThat(blobRemoval().remove(orphan)).isInstanceOf(Removed.Freed.class);
    orphan = pulled(OTHER, FIRST, "x.bin", Bytes.of(9, 700));
    dev.larder.hubcache.TreeClearing.Cleared _ = tree.clearing().removeRepo(OTHER);
    later = Duration.ofHours(2);

    RemovalReport report =
        exactly(removals().plan(new Pruning(Optional.empty(), Optional.empty())));

    assertThat(report.gone())
        .extracting(Going::kind)
        .containsExactlyInAnyOrder(Kind.REVISION, Kind.BLOB, Kind.LEFTOVER, Kind.STORED_BLOB);
    assertThat(fresh).exists();
    assertThat(snapshot(REPO, SECOND).resolve("model.bin")).hasBinaryContent(newer);
    assertThat(prune().gone()).isEmpty();
  }

  @Test
  void prune_withLimits_takesTheLongestUnusedFirst() throws IOException {
    python();
    downloaded(OTHER, FIRST, "model.bin", Bytes.of(8, 9000));
    ref(OTHER, "main", FIRST);
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(40)));
    for (Path file : files(folder(OTHER).resolve("blobs"))) {
      Files.getFileAttributeView(file, java.nio.file.attribute.BasicFileAttributeView.class)
          .setTimes(longAgo, longAgo, longAgo);
    }

    RemovalPlan old =
        removals().plan(new Pruning(Optional.of(Duration.ofDays(30)), Optional.empty()));
    RemovalPlan smaller = removals().plan(new Pruning(Optional.empty(), Optional.of(10_000L)));
    RemovalPlan nothing = removals().plan(new Pruning(Optional.empty(), Optional.of(1_000_000L)));

    assertThat(old.going()).extracting(Going::subject).containsExactly("datasets/o/other");
    assertThat(old.going()).extracting(Going::why).containsExactly(Why.UNUSED);
    assertThat(smaller.going()).extracting(Going::subject).containsExactly("datasets/o/other");
    assertThat(smaller.going()).extracting(Going::why).containsExactly(Why.TOO_MUCH);
    assertThat(nothing.going()).isEmpty();
    exactly(smaller);
  }

  /** What Larder served long ago, and Python brought a new snapshot of just now. */
  @Test
  void prune_ofTheUnused_goesByTheNewestUseOfAnyFile() throws IOException {
    python();
    Instant then = Instant.now().minus(Duration.ofDays(60)).truncatedTo(ChronoUnit.SECONDS);
    FileTime longAgo = FileTime.from(then);
    catalog.touch(
        List.of(
            new Use(REPO, Bytes.digest(model), then), new Use(REPO, Bytes.digest(newer), then)));
    Pruning unused = new Pruning(Optional.of(Duration.ofDays(30)), Optional.empty());
    Path small = folder(REPO).resolve("blobs").resolve(identity(config).hex());
    for (Path file : files(folder(REPO).resolve("blobs"))) {
      // Whoever reads it past Larder leaves a time of access; Larder knows better of its own.
      setTimes(file, longAgo, file.equals(small) ? longAgo : FileTime.from(Instant.now()));
    }
    assertThat(removals().plan(unused).going()).extracting(Going::why).containsExactly(Why.UNUSED);
    assertThat(lastUsed(REPO)).isEqualTo(then);

    FileTime now = FileTime.from(Instant.now());
    setTimes(small, now, longAgo);
    assertThat(removals().plan(unused).going()).as("a file that nobody recorded").isEmpty();
    assertThat(lastUsed(REPO)).isEqualTo(now.toInstant());

    setTimes(small, longAgo, longAgo);
    Path again = folder(REPO).resolve("blobs").resolve(identity(newer).hex());
    setTimes(again, now, longAgo);
    assertThat(removals().plan(unused).going()).as("a file that came again").isEmpty();
  }

  private static void setTimes(Path file, FileTime modified, FileTime accessed) throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class)
        .setTimes(modified, accessed, null);
  }

  private Instant lastUsed(RepoId repo) {
    return new Inventory(store, tree, catalog, InstantSource.system())
        .find(repo)
        .flatMap(RepoListing::lastUsed)
        .orElseThrow();
  }

  @Test
  void dryRun_ofAPinnedRepo_namesNothingThatStays() {
    python();
    put(folder(REPO).resolve("blobs/" + "5".repeat(40)), new byte[11]);
    pins = (repo, _) -> repo.equals(REPO) ? Optional.of("is pinned by ops") : Optional.empty();

    RemovalPlan plan = removals().plan(new Pruning(Optional.empty(), Optional.of(0L)));

    assertThat(plan.going()).isEmpty();
    assertThat(plan.bytes()).isZero();
    assertThat(plan.staying()).containsExactly(new Staying("o/r", "it is pinned by ops"));
  }

  /** A restore brings all blobs before the first row or link that needs them. */
  @Test
  void prune_leavesBlobsOfTheStoreThatCameWithinTheHour() {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    remove("o/r");
    later = Duration.ofHours(2);
    digest = pulled(REPO, FIRST, "model.bin", model);
    var _ = tree.clearing().removeRepo(REPO);
    catalog.forgetContents(REPO);
    RemovalPlan hoursLater = prunePlan();
    later = Duration.ofMinutes(59);

    RemovalPlan plan = prunePlan();
    assertThat(plan.going()).isEmpty();
    assertThat(plan.staying()).singleElement().asString().contains("1 blob", "within the hour");
    assertThat(removals().apply(hoursLater).gone()).as("it came again since").isEmpty();
    assertThat(store.find(digest)).isInstanceOf(Lookup.Present.class);

    later = Duration.ofHours(2);
    assertThat(prune().gone()).extracting(Going::kind).containsExactly(Kind.STORED_BLOB);
  }

  private RemovalPlan prunePlan() {
    return removals().plan(new Pruning(Optional.empty(), Optional.empty()));
  }

  @Test
  void pinned_stays_andIsSaid() {
    python();
    pins = (repo, _) -> repo.equals(REPO) ? Optional.of("is pinned by ops") : Optional.empty();

    RemovalPlan plan = removals().plan(targets("o/r"));

    assertThat(plan.going()).isEmpty();
    assertThat(plan.staying()).containsExactly(new Staying("o/r", "it is pinned by ops"));
  }

  /** What Python downloads moves the ref in the tree, of which the catalog hears later. */
  @Test
  void pinOfABranch_keepsWhatTheTreeAndWhatTheCatalogMeanByIt() {
    python();
    catalog.putRef(new RefRow(REPO, Revision.MAIN, FIRST, Instant.now()));
    Optional<Revision> main = Optional.of(Revision.MAIN);
    catalog.space().putPin(new PinRow(REPO, main, "ops", Instant.now(), Optional.empty(), ""));
    pins = new CatalogPins(catalog, tree, InstantSource.system());

    RemovalPlan plan = removals().plan(targets("o/r@main", "o/r@" + FIRST));

    assertThat(plan.going()).isEmpty();
    assertThat(plan.staying())
        .containsExactly(
            new Staying(
                "o/r@" + SECOND,
                "it is pinned by ops ('larder pin rm --owner ops o/r@main' takes the pin away)"),
            new Staying(
                "o/r@" + FIRST,
                "it is pinned by ops ('larder pin rm --owner ops o/r@main' takes the pin away)"));
  }

  @Test
  void prune_keepsWhatABranchMeansByNow_andNotWhatOnlyTheCatalogRemembers() throws IOException {
    python();
    Files.delete(folder(REPO).resolve("refs/old"));
    catalog.putRef(
        new dev.larder.catalog.Catalog.RefRow(REPO, Revision.MAIN, FIRST, Instant.now()));
    assertThat(prune().gone()).as("main moved on, its file follows").isEmpty();
    catalog.putRef(
        new dev.larder.catalog.Catalog.RefRow(REPO, Revision.MAIN, SECOND, Instant.now()));
    catalog.putRef(
        new dev.larder.catalog.Catalog.RefRow(REPO, new Revision("old"), FIRST, Instant.now()));
    assertThat(prune().gone()).as("its file was taken away").hasSize(1);
  }

  @Test
  void planThatIsOld_leavesWhatARefNamesSince() {
    python();
    RemovalPlan plan = removals().plan(targets("o/r@" + FIRST));
    ref(REPO, "new", FIRST);

    RemovalReport report = removals().apply(plan);

    assertThat(report.gone()).isEmpty();
    assertThat(report.stayed())
        .containsExactly(new Staying("o/r@" + FIRST, "a ref names it since"));
    assertThat(snapshot(REPO, FIRST).resolve("model.bin")).hasBinaryContent(model);
  }

  /** Whatever wrote it, it says which commit it means, or meant one that nobody knows by now. */
  @Test
  void prune_leavesTheSnapshotOfARefThatPythonDoesNotRead() throws IOException {
    python();
    Path ref = folder(REPO).resolve("refs/old");
    Files.writeString(ref, FIRST + "\n");
    assertThat(prune().gone()).isEmpty();
    Files.writeString(ref, "");
    RemovalPlan plan = prunePlan();
    assertThat(plan.going()).isEmpty();
    assertThat(plan.staying())
        .containsExactly(
            new Staying(
                "o/r@" + FIRST,
                "refs/old is torn: it holds no commit, and may have meant it; mend or delete that ref first"));

    Files.writeString(ref, FIRST + "\n");
    assertThat(remove("o/r@" + FIRST).gone()).hasSize(1);
    assertThat(ref).as("it would name a snapshot that is gone").doesNotExist();
    assertThat(snapshot(REPO, SECOND).resolve("model.bin")).hasBinaryContent(newer);
  }

  /** Another user's, of whom one file or directory must not keep everybody from removing. */
  private static final class Denied extends ForwardingDisk {
    private final String name;

    Denied(Path hub, String name) {
      super(LocalDisk.fenced(hub));
      this.name = name;
    }

    private void check(Path path) throws AccessDeniedException {
      if (path.endsWith(name)) {
        throw new AccessDeniedException(path.toString());
      }
    }

    @Override
    public ReadableFile openQuietly(Path path) throws IOException {
      check(path);
      return super.openQuietly(path);
    }

    @Override
    public FileChannel openRead(Path path) throws IOException {
      check(path);
      return super.openRead(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
      check(directory);
      return super.list(directory);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"refs/main", "refs", "blobs", "snapshots"})
  void repoOfWhichSomethingMayNotBeRead_stays_andOthersGo(String name) {
    downloaded(REPO, FIRST, "model.bin", model);
    ref(REPO, "main", SECOND);
    Path orphan = put(folder(OTHER).resolve("blobs/" + "5".repeat(40)), new byte[11]);
    downloaded(OTHER, FIRST, "model.bin", newer);
    ref(OTHER, "main", FIRST);
    closeAll();
    open(new Denied(root.resolve("hub"), REPO.folder() + "/" + name));
    Staying stays = new Staying("o/r", name + " may not be read by this user");

    assertThat(prune().gone()).hasSize(1);
    assertThat(orphan).doesNotExist();
    assertThat(removals().plan(targets("o/r", "o/r@main")).staying()).containsExactly(stays);
    RemovalPlan all = removals().plan(new Pruning(Optional.empty(), Optional.of(0L)));
    assertThat(all.staying()).contains(stays);
    assertThat(removals().apply(all).gone())
        .extracting(Going::subject)
        .containsExactly("datasets/o/other");
    assertThat(snapshot(REPO, FIRST).resolve("model.bin")).hasBinaryContent(model);
  }

  /** {@code prune --older-than} waits at its question as long as nobody answers. */
  @Test
  void planThatIsOld_leavesARepoThatWasUsedOrGrewSince() throws IOException {
    python();
    downloaded(OTHER, FIRST, "model.bin", Bytes.of(8, 9000));
    ref(OTHER, "main", FIRST);
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(40)));
    for (Path file : files(root.resolve("hub"))) {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        setTimes(file, longAgo, longAgo);
      }
    }
    RemovalPlan plan =
        removals().plan(new Pruning(Optional.of(Duration.ofDays(30)), Optional.empty()));
    assertThat(plan.going())
        .extracting(Going::subject)
        .containsExactlyInAnyOrder("o/r", "datasets/o/other");

    link(snapshot(OTHER, SECOND).resolve("model.bin"), "../../blobs/" + identity(model).hex());
    setTimes(
        folder(REPO).resolve("blobs").resolve(identity(newer).hex()),
        longAgo,
        FileTime.from(Instant.now()));
    RemovalReport report = removals().apply(plan);

    assertThat(report.gone()).isEmpty();
    assertThat(report.stayed())
        .containsExactlyInAnyOrder(
            new Staying("o/r", "it was used since this was planned"),
            new Staying("datasets/o/other", "more of it came since this was planned"));
    assertThat(snapshot(REPO, SECOND).resolve("model.bin")).hasBinaryContent(newer);
  }

  @Test
  void severalTargets_theWholeRepoTakesItsRevisionsAlong() {
    python();
    downloaded(OTHER, FIRST, "model.bin", model);
    RemovalPlan plan = removals().plan(targets("o/r@old", "o/r", "datasets/o/other"));
    assertThat(plan.going())
        .extracting(Going::subject)
        .containsExactlyInAnyOrder("o/r", "datasets/o/other");
    exactly(plan);
    assertThat(files(root.resolve("hub")))
        .allMatch(file -> file.toString().contains(".locks") || file.endsWith("CACHEDIR.TAG"));
  }

  @Test
  void linkTextsOfStrangers_areNoBlobsOfTheRepo() {
    python();
    link(snapshot(REPO, SECOND).resolve("evil"), "../../../" + OTHER.folder() + "/blobs/x");
    downloaded(OTHER, FIRST, "model.bin", model);
    List<Path> before = files(folder(OTHER));
    remove("o/r@main");
    assertThat(files(folder(OTHER))).isEqualTo(before);
  }
}
