package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.mirror.HubMemory.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The hub's newest word on a branch is not lost to something older that ends later. */
final class RefMemoryTest {
  private static final Revision MAIN = new Revision("main");
  private static final Commit OLD = new Commit("1".repeat(40));
  private static final Commit NEW = new Commit("2".repeat(40));
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = THEN.plusSeconds(600);
  private static final Duration TTL = Duration.ofSeconds(60);

  private final RepoMemory repo = new RepoMemory();

  private void confirm(Commit commit, Instant at) {
    repo.confirmRef(MAIN, commit, at, at, TTL);
  }

  @Test
  void oldRef_writtenDownAfterTheBranchMoved_doesNotComeBack() {
    confirm(OLD, THEN);
    confirm(NEW, NOW);
    repo.wroteRef(MAIN, OLD, Written.TREE);
    assertThat(repo.ref(MAIN)).isEqualTo(new KnownRef(NEW, NOW, Written.NOWHERE));
  }

  @Test
  void ref_writtenDown_keepsTheTimeOfTheHubsWord() {
    confirm(NEW, NOW);
    repo.wroteRef(MAIN, NEW, Written.TREE);
    assertThat(repo.ref(MAIN)).isEqualTo(new KnownRef(NEW, NOW, Written.TREE));
  }

  @Test
  void row_readWhileTheHubWasAsked_doesNotReplaceItsAnswer() {
    confirm(NEW, NOW);
    repo.recallRef(MAIN, new KnownRef(OLD, THEN, Written.TREE));
    assertThat(repo.ref(MAIN)).isEqualTo(new KnownRef(NEW, NOW, Written.NOWHERE));
  }

  @Test
  void repoRow_readWhileTheHubClosedIt_doesNotOpenIt() {
    repo.learnAccess(HubMemory.Standing.RESTRICTED, NOW);
    repo.recallAccess(HubMemory.Standing.PUBLIC, THEN);
    assertThat(repo.access().standing()).isEqualTo(HubMemory.Standing.RESTRICTED);
  }

  @Test
  void repoRow_readWhileANewerOneWasWritten_isTheNewer() {
    HubMemory.Recorded newer = row(Catalog.Visibility.RESTRICTED);
    repo.recorded(newer);
    assertThat(repo.recallRecorded(row(Catalog.Visibility.PUBLIC))).isEqualTo(newer);
    assertThat(repo.recorded()).isEqualTo(newer);
  }

  private static HubMemory.Recorded row(Catalog.Visibility visibility) {
    return new HubMemory.Recorded(
        Optional.of(new Catalog.RepoRow(RepoId.model("o/r"), visibility, NOW, "o/r")));
  }
}
