package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upkeep.Budget.Pin;
import dev.larder.upkeep.Budget.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinCommandsTest {
  private static final RepoId REPO = RepoId.parse("datasets/org/evals");
  private static final Optional<Revision> TAG = Optional.of(new Revision("v1.0"));

  private final CliFixture cli = new CliFixture();

  @Test
  void add_asksForWhatWasTyped_andSaysWhatItKeeps() {
    assertThat(
            cli.run(
                "pin",
                "add",
                "datasets/org/evals@v1.0",
                "--owner",
                "ci",
                "--for",
                "30d",
                "--note",
                "release 12"))
        .isZero();

    assertThat(cli.workshop.budget.asked)
        .containsExactly(new Wish(REPO, TAG, "ci", Optional.of(Duration.ofDays(30)), "release 12"));
    assertThat(cli.out())
        .isEqualTo(
            "Pinned datasets/org/evals@v1.0 by ci until 2026-03-31; of what the store has it keeps 1.5 MB.\n");
    assertThat(cli.workshop.closed).isTrue();
  }

  @Test
  void add_withoutOwner_isWhoeverRunsIt() {
    assertThat(cli.run("pin", "add", "org/name", "--quiet")).isZero();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.workshop.budget.asked)
        .containsExactly(
            new Wish(
                RepoId.model("org/name"),
                Optional.empty(),
                System.getProperty("user.name"),
                Optional.empty(),
                ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pin add org/name --for soon",
        "pin add org/name --for 0s",
        "pin add org/name --owner a:b",
        "pin add hf://org/name/model.bin",
        "pin add",
        "pin",
        "pin rm"
      })
  void whatCannotBeMeant_isWrongUsage(String line) {
    assertThat(cli.run(line.split(" "))).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.workshop.budget.asked).isEmpty();
  }

  private void pinned() {
    cli.workshop.budget.pins.add(
        new Pin(
            REPO,
            TAG,
            "ci",
            FakeBudget.SINCE,
            Optional.of(FakeBudget.SINCE.plus(Duration.ofDays(30))),
            "release 12",
            2_000_000));
    cli.workshop.budget.pins.add(
        new Pin(
            RepoId.model("org/name"),
            Optional.empty(),
            "ann",
            FakeBudget.SINCE,
            Optional.empty(),
            "",
            0));
  }

  @Test
  void ls_isATable() {
    pinned();
    assertThat(cli.run("pin", "ls")).isZero();
    assertThat(cli.out().lines())
        .containsExactly(
            "TARGET                   OWNER   KEEPS  SINCE       UNTIL       NOTE",
            "datasets/org/evals@v1.0  ci     2.0 MB  2026-03-01  2026-03-31  release 12",
            "org/name                 ann       0 B  2026-03-01  –");
  }

  @Test
  void ls_asJson_hasIntegersAndTimes() {
    pinned();
    assertThat(cli.run("pin", "ls", "--json")).isZero();
    assertThat(cli.out())
        .contains(
            "\"repo\" : \"datasets/org/evals\"",
            "\"revision\" : \"v1.0\"",
            "\"owner\" : \"ci\"",
            "\"expires_at\" : \"2026-03-31T12:00:00Z\"",
            "\"size_bytes\" : 2000000",
            "\"revision\" : null");
    assertThat(cli.run("pin", "ls", "--quiet")).isZero();
    assertThat(cli.out()).isEqualTo("datasets/org/evals@v1.0\norg/name\n");
  }

  @Test
  void rm_namesTheOwner() {
    assertThat(cli.run("pin", "rm", "org/name", "--owner", "ann")).isZero();
    assertThat(cli.workshop.budget.asked)
        .containsExactly(List.of("unpin", RepoId.model("org/name"), Optional.empty(), "ann"));
    assertThat(cli.out()).isEmpty();
  }
}
