package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
import dev.larder.testing.Bytes;
import dev.larder.upkeep.RepoListing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A file with a name that is no ordinary one everywhere keeps nobody from the others. */
final class OddNamesTest extends SiteFixture {
  private Commit commit = new Commit("0".repeat(40));

  private void offer(String... odd) {
    for (int i = 0; i < 20; i++) {
      repo.file("part-" + i + ".txt", "text " + i);
    }
    for (String name : odd) {
      repo.file(name, "odd " + name);
    }
    commit = repo.commit("main");
  }

  private PullResult pull(FileSelection selection) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      PullRequest request = new PullRequest(RepoId.model("o/r"), Revision.MAIN, selection, false);
      return larder.pull(request, PullListener.NONE);
    }
  }

  private String askForListing() {
    return get("/hf/api/models/o/r/tree/" + commit + "?recursive=True&expand=False").text();
  }

  private static List<String> leftOut(PullResult result) {
    return result.leftOut().stream().map(file -> file.path().value()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void pull_bringsTheOthersAndNamesWhatIsLeftOut(PullTest.By by) {
    offer("aux.py", "con/x", "trail ", "dot.", "ri\u200fght");
    if (by == PullTest.By.SERVER) {
      server();
    }

    PullResult result = pull(FileSelection.ALL);

    assertThat(result.files()).hasSize(20);
    assertThat(leftOut(result))
        .containsExactlyInAnyOrder("aux.py", "con/x", "trail ", "dot.", "ri\u200fght");
    OnDisk disk = stop();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit.hex());
    assertThat(disk.inTree(FOLDER, "trees/" + commit + ".json"))
        .content()
        .contains("\"aux.py\"", "\"trail \"", "\"part-19.txt\"");
    assertThat(disk.tree(FOLDER))
        .contains("snapshots/" + commit + "/part-7.txt")
        .noneMatch(file -> file.endsWith("aux.py") || file.endsWith("trail "));
    assertThat(pull(FileSelection.ALL).upstreamBytes()).isZero();
  }

  private RepoListing listed() {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.list().getFirst();
    }
  }

  @ParameterizedTest
  @EnumSource
  void list_afterThePull_isCompleteAndNamesWhatIsSkipped(PullTest.By by) {
    offer("aux.py", "trail ");
    if (by == PullTest.By.SERVER) {
      server();
    }
    pull(new FileSelection(List.of("part-1.txt"), List.of(), List.of()));
    assertThat(listed().state()).isEqualTo(RepoListing.State.PARTIAL);

    pull(FileSelection.ALL);

    assertThat(listed().state()).isEqualTo(RepoListing.State.COMPLETE);
    assertThat(listed().skipped())
        .containsExactly(new EntryPath("aux.py"), new EntryPath("trail "));
  }

  @Test
  void pull_excludingIt_leavesNothingOut() {
    offer("aux.py");

    PullResult result = pull(new FileSelection(List.of(), List.of(), List.of("aux.*")));

    assertThat(result.files()).hasSize(20);
    assertThat(result.leftOut()).isEmpty();
  }

  @Test
  void serve_passesTheEntryOnAndKeepsTheOthers() {
    offer("aux.py");
    Logger logger = (Logger) LoggerFactory.getLogger("dev.larder.mirror");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      assertThat(get("/hf/api/models/o/r/revision/main").status()).isEqualTo(200);
      assertThat(askForListing()).contains("\"aux.py\"", "\"part-3.txt\"");
      for (int i = 0; i < 20; i++) {
        assertThat(get(resolve(commit, "part-" + i + ".txt")).text()).isEqualTo("text " + i);
      }
      assertThat(get(resolve(commit, "aux.py")).text()).isEqualTo("odd aux.py");
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .filteredOn(event -> event.getLevel() == Level.WARN)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).contains("'aux.py'"));
    OnDisk disk = stop();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit.hex());
    assertThat(disk.tree(FOLDER))
        .contains("trees/" + commit + ".json")
        .noneMatch(file -> file.endsWith("aux.py"));
    assertThat(disk.blobs()).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/aux.py", "con/x", "trail ", "dot."})
  void serve_oddName_isPassedOnAsAnyFileAndNeverKept(String name) {
    byte[] weights = Bytes.of(3, 200_000);
    repo.file("other.txt", "other").lfs(name, weights);
    commit = repo.commit("main");
    String path = "/hf/o/r/resolve/main/" + name.replace(" ", "%20");
    String hex = Bytes.digest(weights).hex();
    for (int i = 0; i < 2; i++) {
      Got described = head(path);
      Got got = get(path);
      assertThat(got.body()).isEqualTo(weights);
      for (Got one : List.of(described, got)) {
        assertThat(one.status()).isEqualTo(200);
        assertThat(one.cache()).isEqualTo("BYPASS");
        assertThat(one.header("X-Repo-Commit")).isEqualTo(commit.hex());
        assertThat(one.header("X-Linked-Etag")).contains(hex);
        assertThat(one.header("X-Linked-Size")).isEqualTo("200000");
      }
      Got part = get(path, "Range", "bytes=10-19");
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(weights, 10, 20));
    }
    assertThat(get("/hf/o/r/resolve/main/nul.txt").header("X-Error-Code"))
        .isEqualTo("EntryNotFound");
    OnDisk disk = stop();
    assertThat(disk.blobs()).isEmpty();
    assertThat(disk.unfinished()).isEmpty();
    assertThat(disk.tree(FOLDER))
        .noneMatch(file -> file.contains("snapshots") || file.contains(".no_exist"));
  }

  @Test
  void serve_oddNameWithWrongBytes_neverCompletes() {
    repo.lfs("aux.bin", Bytes.of(3, 200_000));
    commit = repo.commit("main");
    hub.onFile("aux.bin").corrupt(7).always();
    Got got = get("/hf/o/r/resolve/main/aux.bin");
    assertThat(got.status() >= 500 || !got.complete()).isTrue();
  }

  @Test
  void serve_oddNameOfAPrivateRepo_isGivenToItsReadersAlone() {
    hub.token("hf_ann", "ann");
    hub.token("hf_bob", "bob");
    repo.file("aux.py", "secret").privateTo("hf_ann");
    commit = repo.commit("main");
    String path = "/hf/o/r/resolve/main/aux.py";
    assertThat(get(path, "Authorization", "Bearer hf_ann").text()).isEqualTo("secret");
    assertThat(get(path, "Authorization", "Bearer hf_bob").status()).isEqualTo(404);
    assertThat(get(path).status()).isEqualTo(401);
    repo.privateTo("hf_bob");
    clock.pass(Duration.ofSeconds(120));
    assertThat(get(path, "Authorization", "Bearer hf_ann").status()).isNotEqualTo(200);
  }

  @Test
  void serve_oddNameOffline_isAMissAndTheHubHearsNothing() {
    offer("aux.py");
    start("OFFLINE", "1");
    assertThat(get("/hf/o/r/resolve/main/aux.py").status()).isEqualTo(504);
    assertThat(hub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "../../.ssh/authorized_keys", "/x", "a\\b", "a//b", "nul\0"})
  void pull_nameThatLeavesTheSnapshot_refusesAll(String name) {
    offer(name);

    assertThatThrownBy(() -> pull(FileSelection.ALL))
        .isInstanceOfSatisfying(
            LarderException.class,
            failure -> assertThat(failure.code()).isEqualTo("upstream-lied"));
    assertThat(stop().tree(FOLDER)).isEmpty();
  }

  /** What the hub says is passed on; what it says of files elsewhere is written nowhere. */
  @ParameterizedTest
  @ValueSource(strings = {"../x", "../../.ssh/authorized_keys", "/x", "a\\b", "a//b"})
  void serve_nameThatLeavesTheSnapshot_isWrittenNowhere(String name) {
    offer(name);

    get("/hf/api/models/o/r/revision/main");
    askForListing();
    assertThat(get(resolve(commit, "part-1.txt")).text()).isEqualTo("text 1");
    String path = name.replace("\\", "%5C").replace("..", "%2e%2e");
    assertThat(get(resolve(commit, path)).status()).isEqualTo(400);

    OnDisk disk = stop();
    assertThat(disk.tree(FOLDER))
        .contains("snapshots/" + commit + "/part-1.txt")
        .allMatch(file -> file.endsWith("part-1.txt") || file.matches("(refs|blobs)/[^/]+"));
    assertThat(disk.blobs()).hasSize(1);
  }
}
