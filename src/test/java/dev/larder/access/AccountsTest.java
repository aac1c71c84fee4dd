package dev.larder.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.access.Tokens.GrantChange;
import dev.larder.access.Tokens.Issued;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of this Larder, from the day they are made to the day they end. */
class AccountsTest extends AccessFixture {
  private static final RepoId REPO = RepoId.model("org/name");
  private final Principal nobody = Principal.ANONYMOUS;

  private void give(Access access, String group, String... patterns) {
    access.tokens().change(new GrantChange(group, parsed(patterns), List.of()));
  }

  private static List<RepoPattern> parsed(String... patterns) {
    return List.of(patterns).stream().map(RepoPattern::parse).toList();
  }

  @Test
  void token_made_hasTheShapeThatClientsCheck() {
    Issued made = open().tokens().create(wish("ci", "builders"));

    assertThat(made.token()).matches("hf_[A-Za-z0-9]{34,}").hasSizeBetween(37, 256);
    assertThat(made.account().groups()).containsExactly("builders");
    assertThat(made).asString().doesNotContain(made.token());
  }

  @Test
  void token_kept_isOnlyAKeyedHash() {
    Access access = open();
    String token = access.tokens().create(wish("ci")).token();

    assertThat(catalog.access().accounts().toString()).doesNotContain(token);
    assertThat(access.tokens().list().toString()).doesNotContain(token);
  }

  @Test
  void token_shown_isItsAccountAfterARestartToo() {
    Issued made = open().tokens().create(wish("ci"));

    assertThat(open().identify(made.token())).contains(new Principal.Account(made.account().id()));
  }

  @Test
  void token_nameTaken_isRefused() {
    Tokens tokens = open().tokens();
    Issued _ = tokens.create(wish("ci"));

    assertThatThrownBy(() -> tokens.create(wish("ci")))
        .isInstanceOf(AccessException.TokenExists.class)
        .hasMessageContaining("'ci'");
    assertThat(tokens.list()).hasSize(1);
  }

  @Test
  void token_revokedByNameOrId_isNobodyAtOnce() {
    Access access = open();
    Issued first = access.tokens().create(wish("ci"));
    Issued second = access.tokens().create(wish("ben"));

    assertThat(access.tokens().revoke("ci").id()).isEqualTo(first.account().id());
    assertThat(access.tokens().revoke(second.account().id()).name()).isEqualTo("ben");

    assertThat(access.identify(first.token())).isEmpty();
    assertThat(access.identify(second.token())).isEmpty();
    assertThat(open().identify(first.token())).isEmpty();
    assertThatThrownBy(() -> access.tokens().revoke("ci"))
        .isInstanceOf(AccessException.NoSuchToken.class);
  }

  @Test
  void token_afterItsTime_isNobody() {
    Access access = open();
    give(access, "builders", "org/*");
    Issued made =
        access
            .tokens()
            .create(new Tokens.Wish("ci", Set.of("builders"), Optional.of(Duration.ofDays(90))));
    Principal account = access.identify(made.token()).orElseThrow();
    assertThat(access.granted(account, REPO)).isTrue();

    now = NOON.plus(Duration.ofDays(90));

    assertThat(access.identify(made.token())).isEmpty();
    assertThat(access.granted(account, REPO)).as("of a request under way").isFalse();
  }

  @Test
  void token_ofAnotherLarder_isNotTakenForOneOfTheHub() {
    assertThat(open().identify(LocalToken.make())).isEmpty();
  }

  @Test
  void token_ofTheHub_isAFingerprintThatDiffersByInstallation() throws Exception {
    String token = "hf_" + "a".repeat(34);
    Principal here = open().identify(token).orElseThrow();

    assertThat(open().identify(token)).contains(here);
    assertThat(here.scope()).matches("token-[0-9a-f]{32}").doesNotContain(token);
    java.nio.file.Files.delete(directory.resolve("access.key"));
    assertThat(open().identify(token)).isPresent().isNotEqualTo(Optional.of(here));
  }

  @Test
  void used_isListedByTheDay() {
    Access access = open();
    Issued made = access.tokens().create(wish("ci"));
    assertThat(access.tokens().list().getFirst().usedOn()).isEmpty();

    Optional<Principal> _ = access.identify(made.token());

    assertThat(access.tokens().list().getFirst().usedOn())
        .contains(Instant.parse("2026-03-01T00:00:00Z"));
  }

  @Test
  void grant_givenAndTaken_holdsAtOnce() {
    Access access = open();
    Principal ci = access.identify(access.tokens().create(wish("ci", "b")).token()).orElseThrow();
    Principal ben = access.identify(access.tokens().create(wish("ben")).token()).orElseThrow();
    assertThat(access.granted(ci, REPO)).isFalse();

    give(access, "b", "org/*");

    assertThat(access.granted(ci, REPO)).isTrue();
    assertThat(access.granted(ben, REPO)).isFalse();
    assertThat(access.granted(nobody, REPO)).isFalse();
    assertThat(access.granted(ci, RepoId.parse("datasets/org/name"))).isFalse();
    assertThat(access.granted(ci, RepoId.model("other/name"))).isFalse();

    access.tokens().change(new GrantChange("b", List.of(), parsed("org/*")));

    assertThat(access.granted(ci, REPO)).isFalse();
  }

  @Test
  void grant_ofARevokedAccount_isNotThatOfItsSuccessor() {
    Access access = open();
    give(access, "b", "org/*");
    Principal old = access.identify(access.tokens().create(wish("ci", "b")).token()).orElseThrow();
    access.tokens().revoke("ci");
    Principal next = access.identify(access.tokens().create(wish("ci")).token()).orElseThrow();

    assertThat(access.granted(old, REPO)).isFalse();
    assertThat(access.granted(next, REPO)).isFalse();
  }

  @Test
  void grant_toEveryone_holdsForAnonymousToo() {
    Access access = open();
    give(access, Tokens.EVERYONE, "org/name");

    assertThat(access.granted(nobody, REPO)).isTrue();
    assertThat(access.granted(new Principal.Upstream("x"), REPO)).isTrue();
    assertThat(access.grantedToEveryone(REPO)).isTrue();
    assertThat(access.grantedToEveryone(RepoId.model("org/other"))).isFalse();
  }

  @Test
  void grant_takenThatIsNotThere_isRefusedAndNothingChanges() {
    Access access = open();
    give(access, "b", "org/*");

    assertThatThrownBy(
            () ->
                access
                    .tokens()
                    .change(new GrantChange("b", parsed("x/y"), parsed("org/*", "orga/*"))))
        .isInstanceOf(AccessException.NoSuchGrant.class)
        .hasMessageContaining("orga/*");
    assertThat(access.tokens().grants()).hasSize(1);
  }

  @Test
  void admin_isInEveryGroup() {
    Access access = open();
    Principal admin = access.identify("the admin's own token").orElseThrow();

    assertThat(admin).isEqualTo(new Principal.Admin());
    assertThat(access.granted(admin, REPO)).isTrue();
    assertThat(open(Optional.empty()).identify("the admin's own token").orElseThrow())
        .isInstanceOf(Principal.Upstream.class);
  }

  @Test
  void admin_guessed_isNotLookedAtAfterFiveWrongOnesInAMinute() {
    Access access = open();
    access.requireAdmin("the admin's own token", "10.0.0.1");
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> access.requireAdmin("guess", "10.0.0.1"))
          .isInstanceOf(AccessException.BadCredentials.class);
    }

    assertThatThrownBy(() -> access.requireAdmin("the admin's own token", "10.0.0.1"))
        .isInstanceOf(AccessException.TooManyGuesses.class);
    access.requireAdmin("the admin's own token", "10.0.0.2");
    now = NOON.plusSeconds(60);
    access.requireAdmin("the admin's own token", "10.0.0.1");
  }

  @Test
  void admin_guessedAmongTokensOfTheUpstream_isHiddenForThatAddressAlone() {
    Access access = open();
    String right = "the admin's own token";
    for (int i = 0; i < 20; i++) {
      Identities.Shown guess = access.identify("guess" + i, "10.0.0.1").orElseThrow();
      assertThat(access.unknown(guess.principal(), "10.0.0.1")).isFalse();
      assertThat(access.unknown(guess.principal(), "10.0.0.1")).isEqualTo(i == 19);
    }
    Identities.Shown hidden = access.identify(right, "10.0.0.1").orElseThrow();
    assertThat(hidden.principal()).isInstanceOf(Principal.Upstream.class);
    assertThat(hidden.token()).isNotEqualTo(right);
    assertThat(access.identify(right, "10.0.0.2").orElseThrow().principal())
        .isEqualTo(new Principal.Admin());
    now = NOON.plusSeconds(60);
    assertThat(access.identify(right, "10.0.0.1").orElseThrow().principal())
        .isEqualTo(new Principal.Admin());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "-x", "ä", "../x", "a/b", "a\nb"})
  void name_odd_isRefused(String name) {
    assertThatThrownBy(() -> wish(name)).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> wish("ok", name)).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> new GrantChange(name, List.of(), List.of()))
        .isInstanceOf(InvalidName.class);
  }

  @Test
  void wish_forEveryone_isRefused() {
    assertThatThrownBy(() -> wish("ci", Tokens.EVERYONE)).isInstanceOf(InvalidName.class);
  }
}
