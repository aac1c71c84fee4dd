package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PullPlanTest {
  private static final Commit COMMIT = new Commit("0".repeat(40));
  private static final List<ListedFile> LISTED =
      Stream.of("config.json", "model.bin", "aux.py")
          .map(path -> new ListedFile(new EntryPath(path), 1, "", Optional.empty()))
          .toList();

  private static PullPlan plan(List<String> files, List<String> include) {
    FileSelection selection = new FileSelection(files, include, List.of());
    return PullPlan.of(
        new PullRequest(RepoId.model("o/r"), Revision.MAIN, selection, false), COMMIT, LISTED);
  }

  private static List<String> wanted(PullPlan plan) {
    return plan.wanted().stream().map(file -> file.path().value()).toList();
  }

  @Test
  void all_butWhatHasAnOddName() {
    PullPlan plan = plan(List.of(), List.of());
    assertThat(wanted(plan)).containsExactly("config.json", "model.bin");
    assertThat(plan.leftOut()).hasSize(1);
  }

  @Test
  void pattern_selects() {
    assertThat(wanted(plan(List.of(), List.of("*.bin")))).containsExactly("model.bin");
  }

  @Test
  void fileThatIsNotListed_isNotThere() {
    assertThatThrownBy(() -> plan(List.of("none.bin"), List.of()))
        .isInstanceOf(MirrorException.NotThere.class)
        .hasMessageContaining("none.bin");
  }

  @Test
  void patternThatSelectsNothing_isNotThere() {
    assertThatThrownBy(() -> plan(List.of(), List.of("*.gguf")))
        .isInstanceOf(MirrorException.NotThere.class);
  }
}
