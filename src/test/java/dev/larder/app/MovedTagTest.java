package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody moves a tag, or a branch, at the hub. */
final class MovedTagTest extends SiteFixture {
  private static final String TAGGED = "/hf/o/r/resolve/v1/model.bin";
  private static final String INFO = "/hf/api/models/o/r/revision/";
  private static final String REFS = "/hf/api/models/o/r/refs";
  private static final String[] IMMUTABLE = {"IMMUTABLE_TAGS", "true"};
  private static final Duration LATE = Duration.ofSeconds(61);

  private final byte[] old = Bytes.of(3, 200_000);
  private final byte[] other = Bytes.of(4, 1_000);
  private final Logged log = new Logged();
  private Commit first = new Commit("0".repeat(40));
  private Commit second = first;

  @BeforeEach
  void offer() {
    first = repo.lfs("model.bin", old).file("config.json", "{}").commit("main");
    repo.tag("v1", first).branch("candidate", first);
  }

  @AfterEach
  void leave() {
    log.close();
  }

  private void move() {
    second = repo.lfs("model.bin", other).commit("main");
    repo.tag("v1", second).branch("candidate", second);
    clock.pass(LATE);
  }

  private String line(String level, String kind, String ref, boolean refused) {
    return "%s ref moved event=ref.moved kind=%s repo=o/r revision=%s was=%s now=%s refused=%s"
        .formatted(level, kind, ref, first, second, refused);
  }

  @Test
  void tag_moved_isFollowedAndWarnedOf() {
    assertThat(get(TAGGED).body()).isEqualTo(old);
    assertThat(get(MODEL).body()).isEqualTo(old);
    move();
    assertThat(get(TAGGED).body()).isEqualTo(other);
    assertThat(get(MODEL).body()).isEqualTo(other);
    for (int round = 0; round < 2; round++) {
      assertThat(get(TAGGED).body()).isEqualTo(other);
      clock.pass(LATE);
      OnDisk _ = restart();
    }
    assertThat(log.about("ref.moved"))
        .containsExactlyInAnyOrder(
            line("WARN", "tag", "v1", false), line("INFO", "branch", "main", false));
  }

  @Test
  void branchThatLooksLikeATag_inTheListOfRefs_isNoTag() {
    start(IMMUTABLE);
    String file = "/hf/o/r/resolve/candidate/model.bin";
    assertThat(get(file).body()).isEqualTo(old);
    move();
    assertThat(get(file).status()).as("not known to be a branch").isEqualTo(409);
    assertThat(get(REFS).status()).isEqualTo(200);
    assertThat(get(file).body()).isEqualTo(other);
    assertThat(log.about("ref.moved"))
        .contains(
            line("WARN", "tag", "candidate", true), line("INFO", "branch", "candidate", false));
  }

  @Test
  void immutableTag_moved_isAConflictAndCommitsAreServedByTheirHash() {
    start(IMMUTABLE);
    assertThat(get(TAGGED).body()).isEqualTo(old);
    assertThat(get(MODEL).body()).isEqualTo(old);
    move();
    for (int round = 0; round < 2; round++) {
      for (String path :
          List.of(
              TAGGED,
              INFO + "v1",
              "/hf/api/models/o/r/tree/v1",
              "/hf/o/r/raw/v1/config.json",
              "/hf/o/r/resolve/v1/nothing.txt")) {
        Got got = get(path);
        assertThat(got.status()).as(path).isEqualTo(409);
        assertThat(got.header("X-Error-Code")).isEqualTo("tag-moved");
        assertThat(got.header("X-Error-Message")).contains("v1", first.hex(), second.hex());
      }
      assertThat(get(resolve(first, "model.bin")).body()).isEqualTo(old);
      assertThat(get(resolve(second, "model.bin")).body()).isEqualTo(other);
      assertThat(get(MODEL).body()).as("a branch is to move").isEqualTo(other);
      restart(IMMUTABLE);
      clock.pass(LATE);
    }
    assertThat(get(REFS).text()).contains("\"v1\"");
    assertThat(get(TAGGED).status()).as("the list moves none either").isEqualTo(409);
    assertThat(log.about("ref.moved"))
        .containsOnly(line("WARN", "tag", "v1", true), line("INFO", "branch", "main", false));

    hub.away();
    Got away = get(TAGGED);
    assertThat(away.body()).isEqualTo(old);
    assertThat(away.cache()).isEqualTo("STALE");
    hub.back();
    repo.tag("v1", first);
    clock.pass(LATE);
    assertThat(get(TAGGED).body()).as("moved back").isEqualTo(old);
    repo.tag("v1", second);
    clock.pass(LATE);
    restart();
    assertThat(get(TAGGED).body()).as("the move is accepted").isEqualTo(other);
    restart(IMMUTABLE);
    clock.pass(LATE);
    assertThat(get(TAGGED).body()).isEqualTo(other);
  }

  /** What the tag meant is told to nobody who may not read the repo. */
  @Test
  void immutableTag_movedInAClosedRepo_refusalTellsNothing() {
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    start(IMMUTABLE);
    String[] ann = {"Authorization", "Bearer hf_ann"};
    assertThat(get(TAGGED, ann).body()).isEqualTo(old);
    move();
    assertThat(get(TAGGED, ann).status()).isEqualTo(409);
    for (String path : List.of(TAGGED, INFO + "v1")) {
      assertThat(get(path).status()).isEqualTo(401);
      assertThat(get(path).header("X-Error-Message")).doesNotContain(first.hex());
    }
  }
}
