package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalPlan.Kind;
import dev.larder.upkeep.RemovalPlan.Staying;
import dev.larder.upkeep.RemovalPlan.Why;
import dev.larder.upkeep.VerifyTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code rm} and {@code prune} ask, print and end with. */
class RemovalCommandsTest {
  private static final RepoId REPO = RepoId.model("org/name");
  private static final RemovalPlan NOTHING = new RemovalPlan(List.of(), List.of(), 0);

  private final CliFixture cli = new CliFixture();

  @BeforeEach
  void plan() {
    Going step =
        new Going(
            Kind.REVISION,
            Why.NAMED,
            Optional.of(REPO),
            Optional.of(new Commit("1".repeat(40))),
            List.of(Revision.MAIN),
            "",
            2_000_000,
            Optional.empty(),
            Optional.empty());
    cli.workshop.removals.plan =
        new RemovalPlan(List.of(step), List.of(new Staying("org/other", "it is read")), 2_000_000);
  }

  @Test
  void rm_withoutTerminalAndYes_isRefusedBeforeAnythingIsAsked() {
    assertThat(cli.run("rm", "org/name")).isEqualTo(2);
    assertThat(cli.err()).contains("--yes").contains("--dry-run");
    assertThat(cli.workshop.removals.asked).isEmpty();
    assertThat(cli.run("prune")).isEqualTo(2);
  }

  @Test
  void rm_dryRun_printsThePlanAndAppliesNothing() {
    assertThat(cli.run("rm", "--dry-run", "org/name@main", "datasets/a/b")).isZero();
    assertThat(cli.out())
        .isEqualTo(
            "org/name@%s (main): one revision, 2.0 MB\nWould remove 1 item, 2.0 MB.\n"
                .formatted("1".repeat(40)));
    assertThat(cli.err()).isEqualTo("larder: org/other stays: it is read.\n");
    assertThat(cli.workshop.removals.asked)
        .containsExactly(
            List.of(VerifyTarget.parse("org/name@main"), VerifyTarget.parse("datasets/a/b")));
    assertThat(cli.workshop.removals.applied).isEmpty();
  }

  @Test
  void rm_yes_appliesTheVeryPlan_andSaysItInJson() {
    assertThat(cli.run("rm", "--yes", "--json", "org/name")).isZero();
    assertThat(cli.workshop.removals.applied).containsExactly(cli.workshop.removals.plan);
    assertThat(cli.out())
        .contains("\"bytes\" : 2000000", "\"dry_run\" : false", "\"kind\" : \"revision\"");
  }

  @Test
  void rm_onATerminal_asks() {
    cli.interactive = true;
    cli.typed = "n\n";
    assertThat(cli.run("rm", "org/name")).isEqualTo(1);
    assertThat(cli.err()).contains("Remove this and free 2.0 MB? [y/N] ");
    assertThat(cli.workshop.removals.applied).isEmpty();
    cli.typed = "y\n";
    assertThat(cli.run("rm", "org/name")).isZero();
    assertThat(cli.workshop.removals.applied).hasSize(1);
  }

  @Test
  void rm_whenNothingNamedMayGo_fails() {
    cli.workshop.removals.plan =
        new RemovalPlan(List.of(), List.of(new Staying("org/name", "it is pinned by ops")), 0);
    assertThat(cli.run("rm", "--yes", "org/name")).isEqualTo(1);
    assertThat(cli.err()).contains("org/name stays: it is pinned by ops.");
  }

  @Test
  void rm_ofAFile_isRefused() {
    assertThat(cli.run("rm", "--yes", "hf://org/name/model.bin")).isEqualTo(2);
    assertThat(cli.err()).contains("removes repos and revisions");
  }

  @Test
  void prune_passesItsLimitsOn_andNothingToDoIsFine() {
    cli.workshop.removals.plan = NOTHING;
    assertThat(cli.run("prune", "--older-than", "30d", "--max-size", "50GB", "--yes")).isZero();
    assertThat(cli.out()).isEqualTo("Nothing to remove.\n");
    assertThat(cli.workshop.removals.asked)
        .containsExactly(
            new Pruning(Optional.of(Duration.ofDays(30)), Optional.of(50_000_000_000L)));
    assertThat(cli.run("prune", "--yes", "--older-than", "soon")).isEqualTo(2);
    assertThat(cli.run("prune", "--yes", "--json")).isZero();
    assertThat(cli.out()).contains("\"dry_run\" : false").doesNotContain("\"dry_run\" : true");
    assertThat(cli.run("prune", "--dry-run", "--json")).isZero();
    assertThat(cli.out()).contains("\"dry_run\" : true");
  }

  @Test
  void location_isAskedFor_andSaidOfWhatIsNotInPrimary() {
    RemovalPlan plan = cli.workshop.removals.plan;
    cli.workshop.removals.plan = plan.at("secondary");
    assertThat(cli.run("rm", "--dry-run", "--location", "secondary", "org/name")).isZero();
    assertThat(cli.out()).contains(" (main) in the location secondary: one revision");
    assertThat(cli.workshop.removals.asked).contains("secondary");
    assertThat(cli.run("prune", "--dry-run", "--json", "--location", "secondary")).isZero();
    assertThat(cli.out()).contains("\"location\" : \"secondary\"");
    assertThat(cli.workshop.removals.asked)
        .contains(new Pruning(Optional.empty(), Optional.empty(), Optional.of("secondary")));
    cli.workshop.removals.plan = plan.at("primary");
    assertThat(cli.run("rm", "--dry-run", "org/name")).isZero();
    assertThat(cli.out()).doesNotContain("in the location primary");
  }

  @Test
  void quiet_printsWhatWentAlone() {
    assertThat(cli.run("prune", "--yes", "--quiet")).isZero();
    assertThat(cli.out()).isEqualTo("org/name@" + "1".repeat(40) + "\n");
    assertThat(cli.err()).isEmpty();
  }
}
