package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever reads the tree without a hub keeps the old snapshot until the new one is as whole. */
final class SuccessionTest extends MirrorFixture {
  private Commit first = new Commit("0".repeat(40));
  private Commit second = first;

  @BeforeEach
  void moveTheBranchAfterAllOfItWasFetched() {
    repo.file("a", "a1").file("b", "b1").file("c", "c1");
    first = repo.commit("main");
    for (String path : new String[] {"a", "b", "c"}) {
      get(asking(path, Caller.ANONYMOUS));
    }
    repo.file("a", "a2").file("b", "b2").remove("c");
    second = repo.commit("main");
    now = now.plus(Duration.ofMinutes(2));
  }

  private Commit ref() {
    return tree.ref(REPO, Revision.MAIN).orElseThrow();
  }

  private boolean holds(Commit commit, String path) {
    return tree.find(REPO, commit, new EntryPath(path)).isPresent();
  }

  private void get(String path) {
    get(asking(path, Caller.ANONYMOUS));
  }

  @Test
  void branch_staysUntilTheLastFileIsHereOrKnownToBeGone() {
    get("a");
    assertThat(holds(second, "a")).isTrue();
    assertThat(ref()).isEqualTo(first);
    get("b");
    assertThat(ref()).isEqualTo(first);
    assertThat(holds(first, "a") && holds(first, "b") && holds(first, "c")).isTrue();
    get("c");
    assertThat(ref()).isEqualTo(second);
  }

  @Test
  void listingWithoutTheFile_isEnough() {
    get("a");
    get("b");
    mirror.document(
        new DocumentRequest.Tree(REPO, new Revision(second.hex()), Optional.empty(), true, false),
        Caller.ANONYMOUS);
    assertThat(ref()).isEqualTo(first);
    finish(mirror.open(asking("a", Caller.ANONYMOUS)));
    assertThat(ref()).isEqualTo(second);
  }

  @Test
  void newCommit_completedAfterARestart() {
    get("a");
    begin(false);
    get("b");
    get("c");
    assertThat(ref()).isEqualTo(second);
  }

  @Test
  void hubAway_oldFilesAreStillServedBesideTheNewOne() {
    get("a");
    begin(true);
    assertThat(get(asking("a", Caller.ANONYMOUS))).isEqualTo(CacheState.HIT);
    assertThat(get(asking("c", Caller.ANONYMOUS))).isEqualTo(CacheState.HIT);
  }

  @Test
  void waitingBranch_costsAWarmHitNoCall() {
    get("a");
    get("a");
    watched.calls().clear();
    finish(mirror.open(asking("a", Caller.ANONYMOUS)));
    assertThat(watched.calls()).isEmpty();
  }

  @Test
  void pull_movesItWhenAllThatWasAskedForIsHere() {
    get("a");
    PullRequest all = new PullRequest(REPO, Revision.MAIN, FileSelection.ALL, false);
    new Puller(mirror, tree).pull(all, Caller.ANONYMOUS, PullListener.NONE);
    assertThat(ref()).isEqualTo(second);
  }
}
