package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.doctor.Code;
import dev.larder.doctor.Finding;
import dev.larder.doctor.Finding.Outcome;
import dev.larder.doctor.Report;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class DoctorCommandTest {
  private final CliFixture cli = new CliFixture();

  private List<String> locations = List.of("primary");

  private void found(Finding... findings) {
    cli.workshop.examined =
        new Report(List.of(findings), List.of("settings", "the clock"), locations);
  }

  private static Finding finding(Code code, Outcome outcome) {
    return new Finding(
        code,
        Optional.of("secondary"),
        "This is\n what it is.",
        "mend it",
        Optional.empty(),
        outcome);
  }

  @Test
  void nothingFound_saysWhatWasLookedAt_andQuietSaysNothing() {
    found();

    assertThat(cli.run("doctor")).isZero();
    assertThat(cli.out()).isEqualTo("Nothing found. Looked at: settings, the clock.\n");
    assertThat(cli.run("doctor", "--quiet")).isZero();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.run("doctor", "--json")).isZero();
    assertThat(new ObjectMapper().readTree(cli.out())).isEmpty();
  }

  @Test
  void findings_areGroupedWithWhatWhyAndMend() {
    found(
        finding(Code.DISK_FULL, new Outcome.Left()),
        finding(Code.SETTINGS_DISAGREE, new Outcome.Left()),
        finding(Code.ROOT_MISSING, new Outcome.Left()));

    assertThat(cli.run("doctor")).isEqualTo(1);
    assertThat(cli.out())
        .isEqualTo(
            """
            Settings
              warning settings-disagree: This is what it is.
                  why:  Only one of them is heard, which may not be the one you mean.
                  mend: mend it

            Where the cache lies
              error disk-full: This is what it is.
                  why:  Nothing can be written: the catalog cannot be opened and no new file is kept.
                  mend: mend it
              warning root-missing: This is what it is.
                  why:  A path that somebody named and that is not there is often a typo or a volume that is not mounted.
                  mend: mend it

            1 error, 2 warnings, 0 notes.
            """);
  }

  @Test
  void severalLocations_areNamed() {
    locations = List.of("primary", "secondary");
    found(finding(Code.DISK_FULL, new Outcome.Left()));
    assertThat(cli.run("doctor")).isEqualTo(1);
    assertThat(cli.out()).contains("error disk-full in secondary: This is what it is.");

    found();
    assertThat(cli.run("doctor")).isZero();
    assertThat(cli.out()).contains("the clock; in the locations primary, secondary.");
  }

  @Test
  void notes_areNoFailure() {
    found(finding(Code.SERVICE_LINKS, new Outcome.Left()));

    assertThat(cli.run("doctor")).isZero();
    assertThat(cli.out()).contains("note service-links", "0 errors, 0 warnings, 1 note.");
  }

  @Test
  void whatIsFixed_isSaidInstead_andWhatIsNotIsLeft() {
    found(finding(Code.LARDER_OPEN, new Outcome.Fixed("closed")));
    assertThat(cli.run("doctor", "--fix", "--offline")).isZero();
    assertThat(cli.out()).contains("fixed: closed", "; 1 fixed.").doesNotContain("mend it");
    assertThat(cli.workshop.asked).containsExactly("doctor offline=true fix=true");

    found(finding(Code.LARDER_OPEN, new Outcome.NotFixed("it is another's")));
    assertThat(cli.run("doctor", "--fix")).isEqualTo(1);
    assertThat(cli.out()).contains("not fixed: it is another's", "mend: mend it");
  }

  @Test
  void json_isAnArrayOfFindings() {
    found(finding(Code.LARDER_OPEN, new Outcome.Fixed("closed")));

    cli.run("doctor", "--json");

    JsonNode first = new ObjectMapper().readTree(cli.out()).get(0);
    assertThat(first.path("code").asString()).isEqualTo("larder-open");
    assertThat(first.path("severity").asString()).isEqualTo("warning");
    assertThat(first.path("location").asString()).isEqualTo("secondary");
    assertThat(first.path("what").asString()).isEqualTo("This is what it is.");
    assertThat(first.path("why").asString()).startsWith("Everybody");
    assertThat(first.path("mend").asString()).isEqualTo("mend it");
    assertThat(first.path("fixed").asBoolean()).isTrue();
    assertThat(first.path("outcome").asString()).isEqualTo("closed");
  }

  @Test
  void settingsThatCannotBeUsed_areTheDoctorsToTell() {
    cli.environment.put("LARDER_TYPO", "x");
    found();

    assertThat(cli.run("doctor")).isZero();
  }
}
