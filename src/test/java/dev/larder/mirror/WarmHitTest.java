package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.Revision;
import dev.larder.testing.Bytes;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hit that was answered before asks the database nothing, whatever kind of hit it is. */
final class WarmHitTest extends MirrorFixture {
  private static final String LFS = "model.bin";
  private static final String GIT = "config.json";

  private Commit commit = new Commit("0".repeat(40));

  @BeforeEach
  void offer() {
    repo.lfs(LFS, Bytes.of(1, 100_000)).file(GIT, "{}");
    commit = repo.commit("main");
  }

  private void assertWarm(CacheState state, Revision revision, Caller caller) {
    get(asking(revision, LFS, caller));
    get(asking(revision, GIT, caller));
    watched.calls().clear();
    for (int round = 0; round < 5; round++) {
      assertThat(get(asking(revision, LFS, caller))).isEqualTo(state);
      assertThat(get(asking(revision, GIT, caller))).isEqualTo(state);
    }
    assertThat(watched.calls()).isEmpty();
  }

  private void fetch(Caller caller) {
    get(asking(LFS, caller));
    get(asking(GIT, caller));
  }

  @Test
  void fresh() {
    assertWarm(CacheState.HIT, Revision.MAIN, Caller.ANONYMOUS);
  }

  @Test
  void fresh_afterARestart_byBranchAndByCommit() {
    fetch(Caller.ANONYMOUS);
    begin(false);
    assertWarm(CacheState.HIT, Revision.MAIN, Caller.ANONYMOUS);
    begin(false);
    assertWarm(CacheState.HIT, new Revision(commit.hex()), Caller.ANONYMOUS);
  }

  @Test
  void confirmedAnew() {
    fetch(Caller.ANONYMOUS);
    now = now.plus(Duration.ofMinutes(2));
    assertWarm(CacheState.HIT, Revision.MAIN, Caller.ANONYMOUS);
  }

  @Test
  void stale() {
    fetch(Caller.ANONYMOUS);
    begin(false);
    now = now.plus(Duration.ofMinutes(2));
    hub.away();
    assertWarm(CacheState.STALE, Revision.MAIN, Caller.ANONYMOUS);
  }

  @Test
  void offline() {
    fetch(Caller.ANONYMOUS);
    begin(true);
    assertWarm(CacheState.HIT, Revision.MAIN, Caller.ANONYMOUS);
    assertWarm(CacheState.HIT, new Revision(commit.hex()), Caller.ANONYMOUS);
  }

  @Test
  void restricted() {
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    assertWarm(CacheState.HIT, Revision.MAIN, ANN);
    begin(false);
    assertWarm(CacheState.HIT, Revision.MAIN, ANN);
    assertThat(catalog.ref(REPO, Revision.MAIN).orElseThrow().commit()).isEqualTo(commit);
  }

  @Test
  void documents() {
    var info = new DocumentRequest.Info(REPO, Optional.of(Revision.MAIN), "");
    mirror.document(info, Caller.ANONYMOUS);
    begin(false);
    mirror.document(info, Caller.ANONYMOUS);
    watched.calls().clear();
    assertThat(mirror.document(info, Caller.ANONYMOUS))
        .isInstanceOfSatisfying(
            DocumentAnswer.Here.class, here -> assertThat(here.state()).isEqualTo(CacheState.HIT));
    assertThat(watched.calls()).isEmpty();
  }

  @Test
  void listing_askedForAfterTheFile_isStillWrittenIntoTheTree() {
    fetch(Caller.ANONYMOUS);
    assertThat(tree.listing(REPO, commit)).isEmpty();
    mirror.document(
        new DocumentRequest.Tree(REPO, new Revision(commit.hex()), Optional.empty(), true, false),
        Caller.ANONYMOUS);
    assertThat(mirror.open(asking(LFS, Caller.ANONYMOUS)))
        .isInstanceOfSatisfying(Answer.Ready.class, ready -> ready.lease().close());
    assertThat(tree.listing(REPO, commit).orElseThrow()).hasSize(2);
  }
}
