package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens.Account;
import dev.larder.access.Tokens.Grant;
import dev.larder.access.Tokens.GrantChange;
import dev.larder.access.Tokens.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenCommandsTest {
  private static final Instant MADE = Instant.parse("2026-01-31T10:20:30Z");
  private final CliFixture cli = new CliFixture();

  @BeforeEach
  void twoAccounts() {
    cli.workshop.tokens.accounts.add(
        new Account(
            "0123456789ab",
            "ci",
            List.of("builders", "nightly"),
            MADE,
            Optional.of(CliFixture.NOW),
            Optional.of(Instant.parse("2026-02-01T00:00:00Z"))));
    cli.workshop.tokens.accounts.add(
        new Account("ba9876543210", "ann", List.of(), MADE, Optional.empty(), Optional.empty()));
    cli.workshop.tokens.grants.add(new Grant("builders", "org/*", MADE));
    cli.workshop.tokens.grants.add(new Grant("other", "datasets/org/x", MADE));
  }

  @Test
  void create_printsTheTokenAlone() {
    cli.interactive = true;

    assertThat(
            cli.run(
                "token",
                "create",
                "ci",
                "--group",
                "builders",
                "--group",
                "b2",
                "--expires",
                "90d"))
        .isZero();

    assertThat(cli.out()).isEqualTo("hf_larderTheToken\n");
    assertThat(cli.err()).contains("once").doesNotContain("hf_larderTheToken");
    assertThat(cli.workshop.tokens.asked)
        .containsExactly(
            new Wish("ci", Set.of("builders", "b2"), Optional.of(Duration.ofDays(90))));
    assertThat(cli.workshop.closed).isTrue();
  }

  @Test
  void create_asJson_hasTheAccountToo() {
    assertThat(cli.run("token", "create", "ci", "--json")).isZero();
    assertThat(cli.out())
        .contains(
            "\"name\" : \"ci\"",
            "\"groups\" : [ \"builders\", \"nightly\" ]",
            "\"created_at\" : \"2026-01-31T10:20:30Z\"",
            "\"token\" : \"hf_larderTheToken\"");
  }

  @Test
  void ls_isATableOfAccounts() {
    assertThat(cli.run("token", "ls")).isZero();
    assertThat(cli.out())
        .isEqualTo(
            """
            NAME  ID            GROUPS            CREATED     EXPIRES            LAST USED
            ci    0123456789ab  builders,nightly  2026-01-31  2026-02-03 (over)  2026-02-01
            ann   ba9876543210  –                 2026-01-31  –                  –
            """);
    assertThat(cli.run("token", "ls", "--json")).isZero();
    assertThat(cli.out()).contains("\"id\" : \"ba9876543210\"", "\"expires_at\" : null");
    assertThat(cli.run("token", "ls", "-q")).isZero();
    assertThat(cli.out()).isEqualTo("ci\nann\n");
  }

  @Test
  void lsGrants_isATableOfGrants() {
    assertThat(cli.run("token", "ls", "--grants")).isZero();
    assertThat(cli.out())
        .isEqualTo(
            """
            GROUP     REPOS           SINCE
            builders  org/*           2026-01-31
            other     datasets/org/x  2026-01-31
            """);
    assertThat(cli.run("token", "ls", "--grants", "--json")).isZero();
    assertThat(cli.out()).contains("\"pattern\" : \"org/*\"");
  }

  @Test
  void ls_ofNothing_printsNothing() {
    cli.workshop.tokens.accounts.clear();
    cli.workshop.tokens.grants.clear();

    assertThat(cli.run("token", "ls")).isZero();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.run("token", "ls", "--grants", "--json")).isZero();
    assertThat(cli.out().strip()).isEqualTo("[ ]");
  }

  @Test
  void revoke_saysWhomOnATerminalOnly() {
    assertThat(cli.run("token", "revoke", "ci")).isZero();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).isEmpty();
    cli.interactive = true;
    assertThat(cli.run("token", "revoke", "0123456789ab")).isZero();
    assertThat(cli.err()).isEqualTo("Revoked ci (0123456789ab).\n");
    assertThat(cli.workshop.tokens.asked).containsExactly("ci", "0123456789ab");
  }

  @Test
  void grantAndUngrant_areOneChangeEach() {
    List<RepoPattern> patterns =
        List.of(RepoPattern.parse("org/*"), RepoPattern.parse("datasets/org/x"));

    assertThat(cli.run("token", "grant", "builders", "org/*", "datasets/org/x")).isZero();
    assertThat(cli.run("token", "ungrant", "builders", "org/*", "datasets/org/x", "--json"))
        .isZero();

    assertThat(cli.out()).contains("\"group\" : \"builders\"").doesNotContain("other");
    assertThat(cli.workshop.tokens.asked)
        .containsExactly(
            new GrantChange("builders", patterns, List.of()),
            new GrantChange("builders", List.of(), patterns));
  }

  @Test
  void token_alone_isItsHelpAndWrongUsage() {
    assertThat(cli.run("token")).isEqualTo(2);
    assertThat(cli.err()).startsWith("Usage: larder token");
  }
}
