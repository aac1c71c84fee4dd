package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.cli.Larder;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.mirror.PulledFile;
import dev.larder.mirror.PulledFile.State;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pull on one's own and through the server that owns the store: the same from outside. */
final class PullTest extends SiteFixture {
  private static final int BIG = 2 << 20;

  private final byte[] model = Bytes.of(11, BIG);
  private Commit commit = new Commit("0".repeat(40));

  /** Whose rooms do the work. */
  enum By {
    ITSELF,
    SERVER
  }

  @BeforeEach
  void offer() {
    repo.lfs("model.bin", model).lfs("onnx/model.onnx", Bytes.of(12, 5000));
    repo.file("config.json", "{}").file("README.md", "# hello");
    commit = repo.commit("main");
  }

  private static PullRequest all() {
    return wanting(FileSelection.ALL);
  }

  private static PullRequest wanting(FileSelection selection) {
    return new PullRequest(RepoId.model("o/r"), Revision.MAIN, selection, false);
  }

  private PullResult pull(By by, PullRequest request, PullListener listener, String... more) {
    if (by == By.SERVER) {
      server();
    }
    try (Larder larder = new HouseWorkshop(clock).open(settings(more), _ -> {})) {
      return larder.pull(request, listener);
    }
  }

  private PullResult pull(By by, PullRequest request) {
    return pull(by, request, PullListener.NONE);
  }

  private LarderException failing(By by, PullRequest request, String... more) {
    return catchThrowableOfType(
        LarderException.class, () -> pull(by, request, PullListener.NONE, more));
  }

  private static Map<String, State> states(PullResult result) {
    return result.files().stream()
        .collect(Collectors.toMap(file -> file.path().value(), PulledFile::state));
  }

  @ParameterizedTest
  @EnumSource
  void all_cold_bringsEveryFileTheListingAndTheRef(By by) {
    Events events = new Events();
    PullResult result = pull(by, all(), events);
    assertThat(result.commit()).isEqualTo(commit);
    assertThat(result.stale()).isFalse();
    assertThat(states(result))
        .hasSize(4)
        .allSatisfy((_, state) -> assertThat(state).isEqualTo(State.FETCHED));
    assertThat(result.upstreamBytes()).isEqualTo(BIG + 5000 + 2 + 7);
    assertThat(hub.fileBytesSent()).isEqualTo(BIG + 5000 + 2 + 7);
    assertThat(OnDisk.bytes(result.snapshot().resolve("model.bin"))).isEqualTo(model);
    assertThat(events.planned).hasSize(4).allMatch(file -> file.state() == State.MISSING);
    assertThat(events.done).hasSize(4);
    assertThat(events.landed).containsEntry("model.bin", (long) BIG);
    OnDisk disk = stop();
    assertThat(disk.blobs()).hasSize(4);
    assertThat(disk.unfinished()).isEmpty();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit.hex());
    assertThat(disk.tree(FOLDER)).contains("trees/" + commit + ".json");
  }

  /** Of somebody else's cache, on a file system that keeps no access times. */
  @Test
  void list_accessTimesOlderThanTheFiles_lastUseIsTheModification() throws Exception {
    Path hub = root.resolve("hub/models--a--b");
    String blob = "3".repeat(40);
    Path file = hub.resolve("blobs").resolve(blob);
    Path snapshot = hub.resolve("snapshots").resolve(commit.hex());
    Files.createDirectories(file.getParent());
    Files.createDirectories(snapshot);
    Files.createSymbolicLink(snapshot.resolve("x"), Path.of("../../blobs/" + blob));
    Files.writeString(file, "x");
    Instant modified = Instant.parse("2026-05-01T00:00:00Z");
    Instant accessed = Instant.parse("2026-01-01T00:00:00Z");
    Files.getFileAttributeView(file, BasicFileAttributeView.class)
        .setTimes(FileTime.from(modified), FileTime.from(accessed), null);

    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      assertThat(larder.list().getFirst().lastUsed()).contains(modified);
    }
  }

  @Test
  void list_afterwards_saysWhenTheRepoWasModified() {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      larder.pull(all(), PullListener.NONE);

      assertThat(larder.list())
          .singleElement()
          .satisfies(listed -> assertThat(listed.lastModified()).isPresent());
    }
  }

  @ParameterizedTest
  @EnumSource
  void all_again_fetchesNothing(By by) {
    pull(by, all());
    hub.clearLog();
    Events events = new Events();
    PullResult result = pull(by, all(), events);
    assertThat(states(result)).allSatisfy((_, state) -> assertThat(state).isEqualTo(State.CACHED));
    assertThat(result.upstreamBytes()).isZero();
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(events.planned).allMatch(file -> file.state() == State.CACHED);
  }

  @ParameterizedTest
  @EnumSource
  void all_hubAway_isStale(By by) {
    pull(by, all());
    clock.pass(Duration.ofHours(1));
    hub.away();
    PullResult result = pull(by, all());
    assertThat(result.stale()).isTrue();
    assertThat(result.commit()).isEqualTo(commit);
    assertThat(states(result)).allSatisfy((_, state) -> assertThat(state).isEqualTo(State.CACHED));
  }

  @ParameterizedTest
  @EnumSource
  void all_offline_isWhatIsHere(By by) {
    pull(by, all());
    clock.pass(Duration.ofHours(1));
    hub.clearLog();
    PullResult result = pull(by, all(), PullListener.NONE, "OFFLINE", "true");
    assertThat(result.commit()).isEqualTo(commit);
    assertThat(hub.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void all_offlineAndCold_isUnreachable(By by) {
    assertThat(failing(by, all(), "OFFLINE", "true").code()).isEqualTo("offline-miss");
    assertThat(hub.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void all_coldAndHubAway_isUnreachable(By by) {
    hub.away();
    assertThat(failing(by, all()).code())
        .isEqualTo(by == By.SERVER ? "rights-unknown" : "upstream-unreachable");
  }

  @ParameterizedTest
  @EnumSource
  void dryRun_saysWhatIsMissingAndFetchesNothing(By by) {
    pull(by, wanting(new FileSelection(List.of("config.json"), List.of(), List.of())));
    hub.clearLog();
    PullResult result =
        pull(by, new PullRequest(RepoId.model("o/r"), Revision.MAIN, FileSelection.ALL, true));
    assertThat(states(result))
        .containsEntry("config.json", State.CACHED)
        .containsEntry("model.bin", State.MISSING);
    assertThat(result.missingBytes()).isEqualTo(BIG + 5000 + 7);
    assertThat(hub.fileBytesSent()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void patterns_chooseFiles(By by) {
    PullResult result =
        pull(
            by,
            wanting(new FileSelection(List.of(), List.of("*.json", "onnx/*"), List.of("*.onnx"))));
    assertThat(states(result)).containsOnlyKeys("config.json");
    assertThat(hub.fileBytesSent()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void patterns_thatSelectNothing_failAndAreNamed(By by) {
    FileSelection none = new FileSelection(List.of(), List.of("*.nope", "x/*"), List.of());
    assertThat(failing(by, wanting(none)))
        .satisfies(failure -> assertThat(failure.code()).isEqualTo("not-found"))
        .hasMessageContaining("None of the 4 files of o/r@main")
        .hasMessageContaining("nothing matches --include '*.nope' 'x/*'");
    FileSelection rest = new FileSelection(List.of(), List.of("*.json"), List.of("c*"));
    assertThat(failing(by, wanting(rest))).hasMessageContaining("--exclude 'c*' leaves nothing");
    assertThat(hub.fileBytesSent()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void fileOrRepoOrRevision_unknown_isNotFound(By by) {
    FileSelection none = new FileSelection(List.of("none.bin"), List.of(), List.of());
    assertThat(failing(by, wanting(none)).code()).isEqualTo("not-found");
    PullRequest branch =
        new PullRequest(RepoId.model("o/r"), new Revision("gone"), FileSelection.ALL, false);
    assertThat(failing(by, branch).code()).isEqualTo("not-found");
    PullRequest other =
        new PullRequest(RepoId.model("x/y"), Revision.MAIN, FileSelection.ALL, false);
    assertThat(failing(by, other).code()).isIn("not-found", "not-allowed");
  }

  @Test
  void gatedRepo_onOnesOwn_withoutAndWithAToken() {
    hub.token("hf_ann", "ann");
    repo.gatedTo("hf_ann");
    assertThat(failing(By.ITSELF, all()).code()).isEqualTo("not-allowed");
    PullResult result = pull(By.ITSELF, all(), PullListener.NONE, "UPSTREAM_TOKEN", "hf_ann");
    assertThat(result.files()).hasSize(4);
    assertThat(OnDisk.bytes(result.snapshot().resolve("model.bin"))).isEqualTo(model);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void restrictedRepo_throughAServer_isRefusedBeforeItsBytesAreFetched(boolean gated) {
    hub.token("hf_ann", "ann");
    if (gated) {
      repo.gatedTo("hf_ann");
    } else {
      repo.privateTo("hf_ann");
    }
    assertThat(failing(By.SERVER, all()).code()).isEqualTo("not-allowed");
    LarderException failure = failing(By.SERVER, all(), "UPSTREAM_TOKEN", "hf_ann");
    assertThat(failure.code()).isEqualTo("not-allowed");
    assertThat(failure.explanation()).contains("o/r", "HF_ENDPOINT");
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().tree(FOLDER)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void oneFile_alwaysWrong_isUnverifiedAndTheRestIsKept(By by) {
    hub.onFile(Bytes.digest(model).hex()).corrupt(9).always();
    LarderException failure = failing(by, all());
    assertThat(failure.code()).isEqualTo("content-mismatch");
    OnDisk disk = stop();
    assertThat(disk.blobs()).noneMatch(blob -> blob.endsWith(Bytes.digest(model).hex()));
    assertThat(disk.tree(FOLDER)).doesNotContain("refs/main");
    hub.clearFaults();
    clock.pass(Duration.ofSeconds(5));
    assertThat(pull(by, all()).files()).hasSize(4);
    assertThat(stop().blobs()).hasSize(4);
  }

  @Test
  void listenerThatDawdles_holdsUpNobodyElse() throws InterruptedException {
    server();
    HubFault slow = hub.onFile(Bytes.digest(model).hex()).stallAfter(1000);
    CountDownLatch dawdles = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    PullListener listener =
        new PullListener() {
          @Override
          public void progress(EntryPath path, long landedBytes, long totalBytes) {
            if (path.value().equals("model.bin")) {
              dawdles.countDown();
              awaitQuietly(goOn);
            }
          }
        };
    Thread pulling =
        Thread.startVirtualThread(
            () ->
                server()
                    .house()
                    .puller()
                    .pull(all(), dev.larder.mirror.Caller.ANONYMOUS, listener));
    slow.awaitMet();
    dawdles.await();
    slow.release();
    assertThat(get(MODEL).body()).isEqualTo(model);
    goOn.countDown();
    pulling.join();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Events implements PullListener {
    final List<PulledFile> planned = new CopyOnWriteArrayList<>();
    final List<PulledFile> done = new CopyOnWriteArrayList<>();
    final Map<String, Long> landed = new ConcurrentHashMap<>();

    @Override
    public void planned(List<PulledFile> files) {
      planned.addAll(files);
    }

    @Override
    public void progress(EntryPath path, long landedBytes, long totalBytes) {
      landed.merge(path.value(), landedBytes, Math::max);
    }

    @Override
    public void done(PulledFile file) {
      done.add(file);
    }
  }
}
