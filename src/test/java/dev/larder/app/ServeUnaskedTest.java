package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A branch moved several times while clients fetched a file here and there, and then the hub cannot
 * be asked: the branch is one commit all the same, for whatever is asked.
 */
final class ServeUnaskedTest extends SiteFixture {
  private static final Duration LATE = Duration.ofSeconds(61);
  private static final String API = "/hf/api/models/o/r";
  private static final List<String> FILES = List.of("config.json", "README.md", "model.bin");
  private static final JsonMapper JSON = JsonMapper.shared();

  /** How it comes that the hub is not asked. */
  private enum How {
    AWAY,
    AWAY_AFTER_RESTART,
    OFFLINE
  }

  /** Everything changes with each generation but the licence. */
  private Commit generation(int number) {
    repo.file("LICENSE", "the same for ever");
    for (String name : List.of("config.json", "README.md")) {
      repo.file(name, "generation " + number + " of " + name);
    }
    for (int file = 1; file <= number; file++) {
      repo.lfs(name(file), Bytes.of(10 * number + file, 5_000 + file));
    }
    return repo.lfs("model.bin", Bytes.of(number, 50_000)).commit("main");
  }

  private static String name(int file) {
    return "new" + file + ".bin";
  }

  private static String main(String path) {
    return "/hf/o/r/resolve/main/" + path;
  }

  /** The questions of {@code snapshot_download}. */
  private Commit snapshot() {
    Commit commit = new Commit(json(get(API + "/revision/main")).path("sha").asString());
    JsonNode files = json(get(API + "/tree/" + commit + "?recursive=true&expand=false"));
    for (JsonNode file : files) {
      String path = resolve(commit, file.path("path").asString());
      assertThat(head(path).status()).isEqualTo(200);
      assertThat(get(path).status()).isEqualTo(200);
    }
    return commit;
  }

  private static JsonNode json(Got got) {
    assertThat(got.status()).isEqualTo(200);
    return JSON.readTree(got.body());
  }

  private void leave(How how) {
    clock.pass(LATE);
    switch (how) {
      case AWAY -> {}
      case AWAY_AFTER_RESTART -> restart();
      case OFFLINE -> restart("OFFLINE", "true");
    }
    hub.away();
  }

  /** The commits that anything said of the branch. */
  private TreeSet<String> said() {
    TreeSet<String> said = new TreeSet<>();
    for (String path : FILES) {
      for (Got got : List.of(head(main(path)), get(main(path)))) {
        if (got.status() == 200) {
          said.add(got.header("X-Repo-Commit"));
        }
      }
    }
    for (String path : List.of(name(1), name(2), name(3), "LICENSE")) {
      Got got = get(main(path));
      if (got.status() == 200 || got.status() == 404) {
        said.add(got.header("X-Repo-Commit"));
      } else {
        assertThat(got.status()).as(path).isIn(503, 504);
      }
    }
    for (String path : List.of(API, API + "/revision/main", API + "?blobs=true")) {
      Got got = get(path);
      if (got.status() == 200) {
        said.add(json(got).path("sha").asString());
      }
    }
    Got refs = get(API + "/refs");
    if (refs.status() == 200) {
      said.add(json(refs).path("branches").get(0).path("targetCommit").asString());
    }
    return said;
  }

  private void assertListingsOf(Commit commit) {
    Got whole = get(API + "/tree/main?recursive=true&expand=false");
    assertThat(json(whole))
        .isEqualTo(json(get(API + "/tree/" + commit + "?recursive=true&expand=false")));
    String question = "{\"paths\":[\"model.bin\",\"config.json\"]}";
    assertThat(json(post(API + "/paths-info/main", question)))
        .isEqualTo(json(post(API + "/paths-info/" + commit, question)));
  }

  @ParameterizedTest
  @EnumSource
  void branchMovedOften_oneFileOfEachCame_isTheSnapshotThatIsWholeHere(How how) {
    generation(1);
    Commit whole = snapshot();
    for (int number = 2; number <= 4; number++) {
      clock.pass(LATE);
      generation(number);
      assertThat(get(main(name(number))).status()).isEqualTo(200);
      if (number == 3) {
        json(get(API + "/revision/main"));
      }
    }
    leave(how);
    assertThat(said()).containsExactly(whole.hex());
    assertListingsOf(whole);
    for (String path : FILES) {
      assertThat(get(main(path)).body()).isEqualTo(get(resolve(whole, path)).body());
    }
    assertThat(said()).as("again").containsExactly(whole.hex());
  }

  /** Single files alone, as {@code from_pretrained} asks for them: no listing was ever told. */
  @ParameterizedTest
  @EnumSource
  void branchMoved_noListingIsKnown_isTheCommitThatHasAllThatWasFetched(How how) {
    Commit first = generation(1);
    FILES.forEach(path -> assertThat(get(main(path)).status()).isEqualTo(200));
    clock.pass(LATE);
    Commit second = generation(2);
    assertThat(get(main("config.json")).header("X-Repo-Commit")).isEqualTo(second.hex());
    leave(how);
    assertThat(said()).containsExactly(first.hex());
  }

  @ParameterizedTest
  @EnumSource
  void branchMoved_newSnapshotIsWhole_isThatOne(How how) {
    generation(1);
    snapshot();
    clock.pass(LATE);
    generation(2);
    Commit second = snapshot();
    leave(how);
    assertThat(said()).containsExactly(second.hex());
    assertListingsOf(second);
  }

  /** It was told by a HEAD alone, of which no file came. */
  @ParameterizedTest
  @EnumSource
  void newestCommit_onlyTold_isNotMixedWithAnOlderOne(How how) {
    generation(1);
    get(main("config.json"));
    get(API + "/revision/main");
    clock.pass(LATE);
    generation(2);
    head(main("README.md"));
    leave(how);
    assertThat(said()).hasSize(1);
  }

  /** The listing of the newest commit says that the file is as it was, so it is of that commit. */
  @Test
  void fileThatDidNotChange_isAnsweredAsOfTheNewestCommit() {
    generation(1);
    snapshot();
    clock.pass(LATE);
    Commit second = generation(2);
    json(get(API + "/revision/main"));
    json(get(API + "/tree/main?recursive=true&expand=false"));
    hub.away();
    Got same = get(main("LICENSE"));
    assertThat(same.status()).isEqualTo(200);
    assertThat(same.header("X-Repo-Commit")).isEqualTo(second.hex());
    assertThat(get(main("config.json")).status()).isEqualTo(503);
  }

  @ParameterizedTest
  @EnumSource
  void fileOfAnotherCommit_isRefusedInWordsThatHelp(How how) {
    generation(1);
    Commit whole = snapshot();
    clock.pass(LATE);
    Commit second = generation(2);
    get(main(name(2)));
    leave(how);
    Got got = get(main(name(2)));
    if (got.status() == 404) { // The listing of the commit that the branch means lacks it.
      assertThat(got.header("X-Repo-Commit")).isEqualTo(whole.hex());
    } else {
      assertThat(got.status()).isEqualTo(how == How.OFFLINE ? 504 : 503);
      assertThat(got.text()).contains("main of o/r means commit " + whole, "revision=" + second);
    }
    assertThat(get(resolve(second, name(2))).status()).isEqualTo(200);
  }

  /** Within its time the branch means what it was told to mean, and the next one is named. */
  @Test
  void hubGoesAwayWithinTheTime_fileOfAnOlderCommit_isRefusedInWordsThatHelp() {
    generation(1);
    Commit whole = snapshot();
    clock.pass(LATE);
    Commit second = generation(2);
    get(main(name(2)));
    hub.away();
    Got got = get(main("model.bin"));
    assertThat(got.status()).isEqualTo(503);
    assertThat(got.text()).contains("main of o/r means commit " + second, "revision=" + whole);
    assertThat(get(resolve(whole, "model.bin")).status()).isEqualTo(200);
    assertThat(said()).containsExactly(second.hex());
  }

  @Test
  void hubComesBack_branchIsWhatItSays() {
    generation(1);
    snapshot();
    clock.pass(LATE);
    Commit second = generation(2);
    get(main(name(2)));
    leave(How.AWAY);
    assertThat(said()).hasSize(1).doesNotContain(second.hex());
    hub.back();
    restart();
    assertThat(get(main("model.bin")).header("X-Repo-Commit")).isEqualTo(second.hex());
    assertThat(said()).containsExactly(second.hex());
  }
}
