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
import dev.larder.upkeep.RepoListing;
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
  void serve_refusesTheEntryAlone() {
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
      assertThat(get(resolve(commit, "aux.py")).status()).isEqualTo(400);
      assertThat(head(resolve(commit, "aux.py")).status()).isEqualTo(400);
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .filteredOn(event -> event.getLevel() == Level.WARN)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).contains("'aux.py'"));
    OnDisk disk = stop();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit.hex());
    assertThat(disk.tree(FOLDER)).contains("trees/" + commit + ".json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/x", "a\\b", "a//b", "nul\0"})
  void pull_nameThatLeavesTheSnapshot_refusesAll(String name) {
    offer(name);

    assertThatThrownBy(() -> pull(FileSelection.ALL))
        .isInstanceOfSatisfying(
            LarderException.class,
            failure -> assertThat(failure.code()).isEqualTo("upstream-lied"));
    assertThat(stop().tree(FOLDER)).isEmpty();
  }
}
