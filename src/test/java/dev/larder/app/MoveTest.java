package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.cli.Larder;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.location.LocationState;
import dev.larder.location.MoveListener;
import dev.larder.location.MoveReport;
import dev.larder.location.MoveReport.How;
import dev.larder.location.MoveRequest;
import dev.larder.location.Relocation;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.settings.Settings;
import dev.larder.store.Flock;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.testing.Bytes;
import dev.larder.testing.DyingDisk;
import dev.larder.testing.FaultyDisk;
import dev.larder.testing.OtherFileSystem;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code larder move}: to the same file system and to another one, and cut at every step. */
@Timeout(120)
final class MoveTest extends SiteFixture {
  private static final Instant LONG_AGO = Instant.parse("2025-03-04T05:06:07.123456789Z");

  private final byte[] model = Bytes.of(41, 300_000);
  private OtherFileSystem other;

  /** Where to. */
  enum To {
    THE_SAME_FILE_SYSTEM,
    ANOTHER
  }

  @BeforeEach
  void offer() throws Exception {
    other = OtherFileSystem.than(root);
    repo.lfs("model.bin", model).file("config.json", "{}").commit("main");
  }

  @AfterEach
  void empty() throws Exception {
    stop();
    other.close();
  }

  private Path old() {
    return root.resolve("old");
  }

  private Path target(To to) {
    return (to == To.ANOTHER ? other.directory() : root).resolve("new");
  }

  private Path pulled() throws IOException {
    Path old = Files.createDirectories(old());
    try (Larder larder = larder(old)) {
      var all = new PullRequest(RepoId.model("o/r"), Revision.MAIN, FileSelection.ALL, false);
      var _ = larder.pull(all, PullListener.NONE);
    }
    Files.writeString(old.resolve("token"), "hf_mine");
    return old;
  }

  private Larder larder(Path home) {
    return new HouseWorkshop(clock).open(settings("HOME", home.toString()), _ -> {});
  }

  private static MoveRequest request(Path from, Path to) {
    return new MoveRequest("primary", from, from.resolve("hub"), to, 0, false, false);
  }

  private MoveReport move(Path from, Path to) {
    return new Relocation(new LocalDisk(), request(from, to), MoveListener.NONE, clock).run();
  }

  private String refusal(MoveRequest request) {
    LarderException no =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            LarderException.class,
            () -> new Relocation(new LocalDisk(), request, MoveListener.NONE, clock).run());
    return no.code() + ": " + no.explanation();
  }

  /** By path: the bytes of files, the text of links. What each process makes anew is left out. */
  private static Map<String, String> content(Path location) throws IOException {
    Map<String, String> content = new TreeMap<>();
    for (String part : List.of("hub", "larder")) {
      if (Files.exists(location.resolve(part))) {
        try (Stream<Path> files = Files.walk(location.resolve(part))) {
          for (Path file : files.toList()) {
            String name = location.relativize(file).toString();
            if (Files.isSymbolicLink(file)) {
              content.put(name, "-> " + Files.readSymbolicLink(file));
            } else if (Files.isRegularFile(file) && !name.matches(".*(LOCK|catalog\\.db.*)")) {
              content.put(name, Bytes.digest(Files.readAllBytes(file)).hex());
            }
          }
        }
      }
    }
    return content;
  }

  private void assertWhole(Path location) {
    hub.away();
    try (Larder larder = larder(location)) {
      assertThat(larder.list()).hasSize(1);
      assertThat(larder.verify(new VerifyRequest(List.of(), false), VerifyListener.NONE))
          .satisfies(report -> assertThat(report.findings()).isEmpty())
          .satisfies(report -> assertThat(report.blobs()).isEqualTo(2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void move_takesAllAlongAndLeavesTheRest(To to) throws Exception {
    Path old = pulled();
    Path blob =
        old.resolve("hub").resolve(FOLDER).resolve("blobs").resolve(Bytes.digest(model).hex());
    Map<String, String> before = content(old);
    Instant used = LONG_AGO.plus(Duration.ofDays(3));
    new LocalDisk().setTimes(blob, nanos(LONG_AGO), nanos(used));

    MoveReport report = move(old, target(to));

    Path moved = target(to).resolve(old.relativize(blob));
    assertThat(new LocalDisk().stat(moved).orElseThrow().accessedNanos())
        .as("prune --older-than goes by it")
        .isEqualTo(nanos(used));
    assertThat(report.how()).isEqualTo(to == To.ANOTHER ? How.COPY : How.RENAME);
    assertThat(report.leftBehind()).containsExactly(old.resolve("token"));
    assertThat(content(target(to))).isEqualTo(before);
    assertThat(old).isDirectoryContaining(file -> file.endsWith("larder.moved"));
    assertThat(old.resolve("hub")).doesNotExist();
    assertThat(old.resolve("larder")).doesNotExist();
    Path stored = LocalBlobStore.fileOf(target(to).resolve("larder"), Bytes.digest(model));
    assertThat(Files.isSameFile(moved, stored)).isTrue();
    assertThat(Files.getLastModifiedTime(moved).toInstant()).isEqualTo(LONG_AGO);
    assertThat(Files.getPosixFilePermissions(moved))
        .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
    assertWhole(target(to));
  }

  private static long nanos(Instant time) {
    return Duration.between(Instant.EPOCH, time).toNanos();
  }

  /** A blob whose row has another fingerprint is hashed again before it is given out. */
  @ParameterizedTest
  @EnumSource
  void move_hashesNothingAgain(To to) throws Exception {
    move(pulled(), target(to));

    Path larder = target(to).resolve("larder");
    try (var catalog = JdbiCatalog.open(larder.resolve("catalog.db"), clock).catalog()) {
      assertThat(catalog.blobs())
          .hasSize(2)
          .allSatisfy(
              row -> {
                Path blob = LocalBlobStore.fileOf(larder, row.digest());
                assertThat(new LocalDisk().stat(blob).orElseThrow().fingerprint())
                    .isEqualTo(row.fingerprint());
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void move_cutAtEveryStep_oneOfBothIsWholeAndTheNextFinishes(To to) throws Exception {
    Path whole = pulled();
    Map<String, String> before = content(whole);
    boolean cut = true;
    int stride = to == To.ANOTHER && !Boolean.getBoolean("larder.long") ? 7 : 1;
    for (int step = 0; cut; step += stride) {
      Path old = root.resolve("old-" + step);
      Path target = target(to).resolveSibling("new-" + step);
      run("cp", "-a", whole.toString(), old.toString());
      MoveRequest request = request(old, target);
      try {
        new Relocation(new DyingDisk(new LocalDisk(), step), request, MoveListener.NONE, clock)
            .run();
        cut = false;
      } catch (DyingDisk.Killed _) {
        boolean oldInForce = !(LocationState.of(old) instanceof LocationState.Moved);
        if (oldInForce) {
          assertThat(content(old)).as("old, cut at " + step).isEqualTo(before);
        } else if (to == To.ANOTHER) {
          assertThat(content(target)).as("new, cut at " + step).isEqualTo(before);
        }
        if (!oldInForce || LocationState.of(target) instanceof LocationState.Arriving) {
          Path refused = oldInForce ? target : old;
          assertThatThrownBy(() -> larder(refused).close())
              .as("cut at " + step)
              .isInstanceOfSatisfying(
                  LarderException.class, no -> assertThat(no.code()).isEqualTo("location-moved"));
        }
        MoveReport _ = move(old, target);
      }
      assertThat(content(target)).as("moved, cut at " + step).isEqualTo(before);
      assertThat(LocationState.of(target)).isInstanceOf(LocationState.Here.class);
      assertThat(old.resolve("hub")).doesNotExist();
      assertThat(old.resolve("larder")).doesNotExist();
      run("rm", "-rf", old.toString());
      if (cut) {
        run("rm", "-rf", target.toString());
      } else {
        assertThat(step).isGreaterThan(to == To.ANOTHER ? 60 : 10);
        assertWhole(target);
      }
    }
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void oldPath_afterwards_namesTheNewOneAndBeginsNothing() throws Exception {
    Path old = pulled();
    move(old, target(To.ANOTHER));

    assertThatThrownBy(() -> larder(old).close())
        .isInstanceOfSatisfying(
            LarderException.class, no -> assertThat(no.code()).isEqualTo("location-moved"))
        .hasMessageContaining("moved to " + target(To.ANOTHER))
        .hasMessageContaining("Set LARDER_HOME");
    assertThat(old.resolve("larder")).doesNotExist();
  }

  @Test
  void moveBack_isAMoveLikeAnyOther() throws Exception {
    Path old = pulled();
    Files.delete(old.resolve("token"));
    move(old, target(To.ANOTHER));

    move(target(To.ANOTHER), old);

    assertWhole(old);
  }

  @Test
  void leaveLink_programsThatKnowTheOldPathGoOn() throws Exception {
    Path old = pulled();
    Path target = target(To.ANOTHER);
    new Relocation(
            new LocalDisk(),
            new MoveRequest("primary", old, old.resolve("hub"), target, 0, true, false),
            MoveListener.NONE,
            clock)
        .run();

    Path snapshots = old.resolve("hub").resolve(FOLDER).resolve("snapshots");
    try (Stream<Path> files = Files.walk(snapshots)) {
      assertThat(files.filter(file -> file.endsWith("model.bin")))
          .singleElement()
          .satisfies(file -> assertThat(file).hasBinaryContent(model));
    }
  }

  /** Python with the old path, which knows nothing of a move. */
  private static Path downloaded(Path old) throws IOException {
    Path folder = old.resolve("hub/models--o--since");
    Path blob = Files.createDirectories(folder.resolve("blobs")).resolve("b");
    Files.writeString(blob, "downloaded since");
    return blob;
  }

  @ParameterizedTest
  @EnumSource
  void moveAgain_movesNothingAndKeepsWhatCameIntoTheOldPlace(To to) throws Exception {
    Path old = pulled();
    move(old, target(to));
    Map<String, String> moved = content(target(to));
    Path since = downloaded(old);

    MoveReport again = move(old, target(to));

    assertThat(again.how()).isEqualTo(How.BEFORE);
    assertThat(again.cameSince()).containsExactly(old.resolve("hub"));
    assertThat(since).hasContent("downloaded since");
    assertThat(content(target(to))).isEqualTo(moved);
    run("rm", "-rf", target(to).toString()); // Its disk is not mounted now.
    assertThat(move(old, target(to)).cameSince()).containsExactly(old.resolve("hub"));
    assertThat(target(to)).doesNotExist();
  }

  @Test
  void copyCutBeforeTheOldPlaceIsEmpty_whatCameSinceStaysThere() throws Exception {
    Path old = pulled();
    Path target = target(To.ANOTHER);
    Map<String, String> before = content(old);
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    disk.fail(FaultyDisk.Op.DELETE, "larder.moving", 1, "Input/output error");
    assertThatThrownBy(
            () -> new Relocation(disk, request(old, target), MoveListener.NONE, clock).run())
        .hasMessageContaining("run the same command again");
    Path since = downloaded(old);
    Path ref = old.resolve("hub").resolve(FOLDER).resolve("refs/main");
    Files.writeString(ref, "0".repeat(40));
    Path lock = Files.createDirectories(old.resolve("hub/.locks/models--o--since")).resolve("b");
    try (Flock _ = Flock.tryAcquire(lock, 0644).orElseThrow()) {
      assertThat(refusal(request(old, target))).contains("store-busy", lock.toString());
    }

    MoveReport report = move(old, target);

    assertThat(report.how()).isEqualTo(How.COPY);
    assertThat(report.cameSince())
        .containsExactlyInAnyOrder(
            since.getParent().getParent(), ref, lock.getParent().getParent());
    assertThat(since).hasContent("downloaded since");
    assertThat(ref).hasContent("0".repeat(40));
    assertThat(old.resolve("hub").resolve(FOLDER).resolve("blobs")).doesNotExist();
    assertThat(old.resolve("larder")).doesNotExist();
    assertThat(content(target)).isEqualTo(before);
  }

  @Test
  void copyCut_whileTheNewDiskIsAway_waitsForIt() throws Exception {
    Path old = pulled();
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    disk.fail(FaultyDisk.Op.DELETE, "larder.moving", 1, "Input/output error");
    MoveRequest request = request(old, target(To.ANOTHER));
    assertThatThrownBy(() -> new Relocation(disk, request, MoveListener.NONE, clock).run())
        .isInstanceOf(LarderException.class);
    Map<String, String> before = content(old);
    other.empty();

    assertThat(refusal(request)).contains("location-absent", "mount it");
    assertThat(content(old)).isEqualTo(before);
    assertThat(target(To.ANOTHER)).doesNotExist();
  }

  /** Blobs can be read by all, so that nobody but the owner may reach some is up to directories. */
  @Test
  void copy_ofAPrivateDirectory_isPrivateFromItsBeginning() throws Exception {
    Path old = pulled();
    Files.setPosixFilePermissions(old.resolve("hub"), PosixFilePermissions.fromString("rwx------"));
    Path target = target(To.ANOTHER);
    String repoMode = mode(old.resolve("hub").resolve(FOLDER));
    Set<String> seen = new HashSet<>();
    MoveListener look =
        (_, _, _) -> {
          if (Files.exists(target.resolve("hub"))) {
            seen.add(mode(target.resolve("hub")));
          }
        };

    new Relocation(new LocalDisk(), request(old, target), look, clock).run();

    assertThat(seen).containsExactly("rwx------");
    assertThat(mode(target.resolve("hub"))).isEqualTo("rwx------");
    assertThat(mode(target.resolve("hub").resolve(FOLDER))).isEqualTo(repoMode);
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"old", ".", "old/larder/hub", "link"})
  void treeAroundLardersOwnFiles_isNotMovedIntoPieces(String hub) throws Exception {
    Path old = pulled();
    Files.createDirectories(old.resolve("larder/hub"));
    Files.createSymbolicLink(root.resolve("link"), root);
    Path tree = root.resolve(hub.equals("link") ? "link/old" : hub).normalize();
    Map<String, String> before = content(old);

    assertThat(refusal(new MoveRequest("primary", old, tree, target(To.ANOTHER), 0, false, false)))
        .contains("bad-usage", "lie in one another");
    assertThat(content(old)).isEqualTo(before);
  }

  @Test
  void cutMoveOfASecondLocation_saysACommandThatFinishesIt() throws Exception {
    Path old = pulled();
    Path target = target(To.ANOTHER);
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    disk.fail(FaultyDisk.Op.RENAME, "larder.moved", 1, "Input/output error");
    MoveRequest request =
        new MoveRequest("secondary", old, old.resolve("hub"), target, 0, false, false);
    assertThatThrownBy(() -> new Relocation(disk, request, MoveListener.NONE, clock).run())
        .isInstanceOf(LarderException.class);

    Settings there = settings("SECONDARY_CACHE", target.toString());
    assertThatThrownBy(() -> new HouseWorkshop(clock).open(there, _ -> {}))
        .hasMessageContaining(
            "SECONDARY_CACHE_PATH=%s larder move secondary %s".formatted(old, target));
  }

  @Test
  void dryRun_ofATreeAlone_makesNothing() throws Exception {
    Path old = pulled();
    run("rm", "-rf", old.resolve("larder").toString());

    var _ =
        new Relocation(
                new LocalDisk(),
                new MoveRequest(
                    "primary", old, old.resolve("hub"), target(To.ANOTHER), 0, false, true),
                MoveListener.NONE,
                clock)
            .run();

    assertThat(old.resolve("larder")).doesNotExist();
  }

  @Test
  void dryRun_changesNothing() throws Exception {
    Path old = pulled();
    Path target = target(To.ANOTHER);
    MoveReport report =
        new Relocation(
                new LocalDisk(),
                new MoveRequest("primary", old, old.resolve("hub"), target, 0, false, true),
                MoveListener.NONE,
                clock)
            .run();

    assertThat(report.how()).isEqualTo(How.COPY);
    assertThat(report.bytes()).isGreaterThan(model.length);
    assertThat(target).doesNotExist();
    assertWhole(old);
  }

  @Test
  void refused_andTheCacheStaysAsItIs() throws Exception {
    Path old = pulled();
    Path target = target(To.ANOTHER);
    Map<String, String> before = content(old);

    assertThat(refusal(request(old, old.resolve("sub")))).contains("bad-usage", "in the other");
    Path full = Files.createDirectories(root.resolve("full"));
    Files.writeString(full.resolve("x"), "x");
    assertThat(refusal(request(old, full))).contains("bad-usage", "not empty");
    assertThat(
            refusal(
                new MoveRequest(
                    "primary", old, old.resolve("hub"), target, 900L << 40, false, false)))
        .contains("store-full", "LARDER_MIN_FREE");
    assertThat(refusal(request(root.resolve("nothing"), target))).contains("no cache");
    Path lock = Files.createDirectories(old.resolve("hub/.locks/models--o--r")).resolve("x.lock");
    try (Flock _ = Flock.tryAcquire(lock, 0644).orElseThrow()) {
      assertThat(refusal(request(old, target))).contains("store-busy", "x.lock");
    }
    Files.delete(lock);
    assertThat(target).doesNotExist();
    assertThat(content(old)).isEqualTo(before);
  }

  @Test
  void whileAServerRuns_isRefusedAndSaysWhatToDo() throws Exception {
    try (Larder larder = larder(root)) {
      assertThat(larder.list()).isEmpty();
    }
    start();

    assertThat(refusal(request(root, target(To.ANOTHER))))
        .contains("store-busy", server().address().toString(), "Stop it");
  }

  /** The move opens it, and sets it aside; the next command fills the new one all the same. */
  @Test
  void damagedCatalog_isRebuiltInTheNewPlace() throws Exception {
    Path old = pulled();
    Files.writeString(old.resolve("larder/catalog.db"), "this is no database");

    move(old, target(To.ANOTHER));

    assertWhole(target(To.ANOTHER));
    try (Catalog catalog =
        JdbiCatalog.open(target(To.ANOTHER).resolve("larder/catalog.db"), clock).catalog()) {
      assertThat(catalog.refs(RepoId.model("o/r"))).hasSize(1);
    }
  }

  @Test
  void damagedBlob_isNotCopiedAndNothingMoves() throws Exception {
    Path old = pulled();
    Path blob = LocalBlobStore.fileOf(old.resolve("larder"), Bytes.digest(model));
    Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
    byte[] wrong = model.clone();
    wrong[9] ^= 1;
    Files.write(blob, wrong);

    assertThat(refusal(request(old, target(To.ANOTHER))))
        .contains("blob-mismatch", "verify --repair");
    assertThat(LocationState.of(old)).isInstanceOf(LocationState.Here.class);
  }
}
