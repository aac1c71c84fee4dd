package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.location.LocationState;
import dev.larder.location.MoveReport;
import dev.larder.location.MoveRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several locations on the command line, and {@code move}. */
final class LocationCommandsTest {
  private final CliFixture cli = new CliFixture();

  private void two() {
    cli.environment.put("LARDER_HOME", "/a");
    cli.environment.put("LARDER_LOCATIONS", "cold=/mnt/cold,fast=/nvme");
  }

  @Test
  void ls_severalLocations_hasAColumnAndAFilter() {
    two();
    Duration day = Duration.ofDays(1);
    cli.workshop.listings.add(Listings.of("org/name", 12_345, day, day).at("cold"));
    cli.workshop.listings.add(Listings.of("org/other", 12_345, day, day));

    assertThat(cli.run("ls")).isZero();
    assertThat(cli.out().lines().map(line -> line.replaceFirst(".* ", "")))
        .containsExactly("LOCATION", "cold", "primary");
    assertThat(cli.run("ls", "-q", "--filter", "location=cold")).isZero();
    assertThat(cli.out()).isEqualTo("org/name\n");
    assertThat(cli.run("ls", "--json", "--filter", "location=cold")).isZero();
    assertThat(cli.out()).contains("\"location\" : \"cold\"");
  }

  @Test
  void move_printsWhatToSetWhereItIsSet() {
    two();

    assertThat(cli.run("move", "fast", "/mnt/new")).isZero();

    assertThat(cli.out())
        .isEqualTo(
            """
            Moved fast from /nvme to /mnt/new: 3 files, 4.0 kB, copied and hashed.
            Not Larder's, and left where it is: token
            Now set, wherever it is set so far:
              LARDER_LOCATIONS=cold=/mnt/cold,fast=/mnt/new   (environment)
            """);
    MoveRequest request = (MoveRequest) cli.workshop.asked.getFirst();
    assertThat(request.hub()).isEqualTo(Path.of("/nvme/hub"));
    assertThat(request.to()).isEqualTo(Path.of("/mnt/new"));
  }

  /** As a variable that is not set gives one: the working directory is not meant. */
  @Test
  void move_toNoDirectoryAtAll_isRefused() {
    assertThat(cli.run("move", "primary", "")).isEqualTo(2);
    assertThat(cli.err()).contains("'' is neither a file nor a directory");
    assertThat(cli.workshop.asked).isEmpty();
  }

  @Test
  void move_ofTheDefaultRoot_saysToSetHome() {
    assertThat(cli.run("move", "primary", "/mnt/new", "--dry-run")).isZero();
    assertThat(cli.out())
        .contains("Would move primary from /home/ann/.cache/huggingface")
        .endsWith("  LARDER_HOME=/mnt/new   (not set so far)\n");
  }

  @Test
  void move_ofATreeThatIsNamed_saysBoth() {
    cli.environment.put("HF_HUB_CACHE", "/trees/hub");
    cli.environment.put("LARDER_HOME", "/trees");

    assertThat(cli.run("move", "primary", "/mnt/new", "--json")).isZero();
    assertThat(cli.out()).contains("LARDER_HOME=/mnt/new", "HF_HUB_CACHE=/mnt/new/hub");
  }

  @Test
  void move_unknownOrIntoAnother_isWrongUsage() {
    two();
    assertThat(cli.run("move", "none", "/mnt/new")).isEqualTo(2);
    assertThat(cli.err()).contains("'none'", "primary, cold, fast");
    assertThat(cli.run("move", "fast", "/mnt/cold/x")).isEqualTo(2);
    assertThat(cli.workshop.asked).isEmpty();
  }

  /** What the command prints is to be set, and every command would refuse it then. */
  @Test
  void move_toWhereTheLocationMayNotLie_isWrongUsage() {
    cli.environment.put("LARDER_HOME", "/a");
    cli.environment.put("HF_HUB_CACHE", "/trees/hub");
    cli.environment.put("SECONDARY_CACHE_PATH", "/b");

    assertThat(cli.run("move", "secondary", "/trees/hub/new")).isEqualTo(2);
    assertThat(cli.err()).contains("lie in one another");
    assertThat(cli.workshop.asked).isEmpty();
  }

  @Test
  void move_thatWasDoneBefore_saysSoAndWhatCameSince() {
    two();
    cli.workshop.moved =
        new MoveReport(
            "fast",
            Path.of("/nvme"),
            Path.of("/mnt/new"),
            MoveReport.How.BEFORE,
            0,
            0,
            List.of(Path.of("/nvme/hub")),
            List.of());

    assertThat(cli.run("move", "fast", "/mnt/new")).isZero();
    assertThat(cli.out())
        .contains("Nothing left to move: fast was moved from /nvme to /mnt/new before.")
        .contains("left there ('larder import' takes it in): /nvme/hub");
    assertThat(cli.run("move", "fast", "/mnt/new", "--json")).isZero();
    assertThat(cli.out())
        .contains("\"how\" : \"before\"", "LARDER_LOCATIONS=cold=/mnt/cold,fast=/mnt/new\"");
  }

  @Test
  void config_saysWhereLocationsAre() {
    two();
    cli.workshop.state = new LocationState.Moved(Path.of("/mnt/new"));

    assertThat(cli.run("config")).isZero();
    assertThat(cli.out()).contains("fast", "moved to /mnt/new: set that here");
  }
}
