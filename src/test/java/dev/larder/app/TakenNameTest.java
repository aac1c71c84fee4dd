package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeRepo;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A repo is renamed or deleted, and somebody else registers its name. */
final class TakenNameTest extends SiteFixture {
  private static final String INFO = "/hf/api/models/o/r";
  private static final String CHANGED = "repo.identity_changed";
  private static final Duration LATE = Duration.ofSeconds(61);

  private final byte[] bytes = Bytes.of(3, 200_000);
  private final Logged log = new Logged();

  @AfterEach
  void leave() {
    log.close();
  }

  /** Files, description and listing of the first repo are here, also in the tree. */
  private Commit bringFirst() {
    Commit first = repo.lfs("model.bin", bytes).file("config.json", "{}").commit("main");
    assertThat(get(INFO).status()).isEqualTo(200);
    assertThat(get(INFO + "/tree/" + first + "?recursive=true&expand=false").status())
        .isEqualTo(200);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(200);
    OnDisk _ = restart();
    return first;
  }

  private FakeRepo takeOver() {
    FakeRepo other = hub.model("evil/x").file("model.bin", "evil");
    Commit _ = other.commit("main");
    hub.rename(RepoId.model("o/r"), RepoId.model("evil/x"));
    clock.pass(LATE);
    return other;
  }

  private static List<String> pinned(Commit commit) {
    return List.of(
        resolve(commit, "model.bin"),
        resolve(commit, "nothing.txt"),
        INFO + "/revision/" + commit,
        INFO + "/tree/" + commit + "?recursive=true&expand=false",
        INFO + "/tree/" + commit,
        "/hf/o/r/raw/" + commit + "/config.json");
  }

  @Test
  void publicRepo_nameTakenOverByAnother_isLoggedAndOldCommitsAreAConflict() {
    Commit first = bringFirst();
    FakeRepo other = takeOver();

    assertThat(get(INFO).text()).contains(other.hubId());

    assertThat(log.about(CHANGED))
        .containsExactly(
            "WARN repo identity changed event=%s repo=o/r was=%s is=%s"
                .formatted(CHANGED, repo.hubId(), other.hubId()));
    for (int round = 0; round < 2; round++) {
      for (String path : pinned(first)) {
        Got got = get(path);
        assertThat(got.status()).as(path).isEqualTo(409);
        assertThat(got.header("X-Error-Code")).isEqualTo("repo-identity-changed");
        assertThat(got.header("X-Error-Message"))
            .contains("belongs to another repo")
            .contains(first.hex());
        assertThat(got.text()).doesNotContain(other.hubId());
      }
      assertThat(get(MODEL).text()).isEqualTo("evil");
      assertThat(get(resolve(new Commit("d".repeat(40)), "model.bin")).status()).isEqualTo(404);
      restart();
    }
    assertThat(log.about(CHANGED)).as("told once").hasSize(1);
  }

  /** While the hub is away nobody gets one repo's files beside the other's. */
  @Test
  void publicRepo_nameTakenOver_hubAway_nothingOfTheFormerIsAnswered() {
    Commit first = bringFirst();
    FakeRepo _ = takeOver();
    assertThat(get(INFO).status()).isEqualTo(200);
    assertThat(get(MODEL).text()).isEqualTo("evil");
    hub.away();
    for (int round = 0; round < 2; round++) {
      clock.pass(LATE);
      assertThat(get(MODEL).text()).isEqualTo("evil");
      for (String path : pinned(first)) {
        assertThat(get(path).status()).as(path).isEqualTo(503);
      }
      restart();
    }
    restart("OFFLINE", "true");
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(504);
    assertThat(get(resolve(first, "config.json")).status()).isEqualTo(504);
  }

  /** A commit is what it is: who has its history has its bytes. */
  @Test
  void publicRepo_nameTakenOver_commitsThatTheNewOneHasTooAreServed() {
    Commit first = bringFirst();
    FakeRepo other = takeOver();
    assertThat(get(INFO).status()).isEqualTo(200);
    assertThat(get(resolve(first, "model.bin")).status()).isEqualTo(409);

    other.take(first, repo);
    hub.clearLog();
    for (int round = 0; round < 2; round++) {
      assertThat(get(resolve(first, "model.bin")).body()).isEqualTo(bytes);
      assertThat(get(INFO + "/revision/" + first).status()).isEqualTo(200);
      restart();
    }
    assertThat(hub.fileBytesSent()).as("its bytes are here").isZero();
  }

  @Test
  void repo_renamedAtTheHub_isTheSameRepoUnderBothNames() {
    Commit first = bringFirst();
    hub.rename(RepoId.model("old/name"), RepoId.model("o/r"));
    clock.pass(LATE);
    for (int round = 0; round < 2; round++) {
      assertThat(get("/hf/api/models/old/name").status()).isEqualTo(200);
      assertThat(get(INFO).status()).isEqualTo(200);
      assertThat(get(resolve(first, "model.bin")).body()).isEqualTo(bytes);
      restart();
      clock.pass(LATE);
    }
    assertThat(log.about(CHANGED)).isEmpty();
  }
}
