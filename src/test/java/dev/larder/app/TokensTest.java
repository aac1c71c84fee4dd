package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens;
import dev.larder.access.Tokens.GrantChange;
import dev.larder.access.Tokens.Issued;
import dev.larder.access.Tokens.Wish;
import dev.larder.cli.Larder;
import dev.larder.content.LarderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens and grants, changed alone and through the server: the same from outside. */
final class TokensTest extends SiteFixture {
  private static final Wish CI = new Wish("ci", Set.of("b", "a"), Optional.of(Duration.ofDays(90)));

  private <T> T with(PullTest.By by, Function<Tokens, T> work) {
    if (by == PullTest.By.SERVER) {
      server();
    }
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return work.apply(larder.tokens());
    }
  }

  private String failing(PullTest.By by, Function<Tokens, ?> work) {
    return catchThrowableOfType(LarderException.class, () -> with(by, work)).code();
  }

  @ParameterizedTest
  @EnumSource(PullTest.By.class)
  void token_madeListedRevoked(PullTest.By by) throws IOException {
    Issued made = with(by, tokens -> tokens.create(CI));
    Issued lasting = with(by, tokens -> tokens.create(new Wish("ann", Set.of(), Optional.empty())));

    assertThat(made.token()).matches("hf_larder[A-Za-z0-9]{40}").isNotEqualTo(lasting.token());
    assertThat(made.account().groups()).containsExactly("a", "b");
    assertThat(made.account().expiresAt())
        .contains(made.account().createdAt().plus(Duration.ofDays(90)));
    assertThat(with(by, Tokens::list)).containsExactly(lasting.account(), made.account());
    assertThat(failing(by, tokens -> tokens.create(CI))).isEqualTo("token-exists");

    Tokens.Account revoked = with(by, tokens -> tokens.revoke("ci"));
    assertThat(revoked).isEqualTo(made.account());
    assertThat(failing(by, tokens -> tokens.revoke("ci"))).isEqualTo("no-such-token");
    assertThat(with(by, Tokens::list)).containsExactly(lasting.account());
    stop();
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(files.filter(Files::isRegularFile))
          .noneMatch(file -> holds(file, lasting.token()));
    }
  }

  private static boolean holds(Path file, String token) {
    try {
      String text =
          new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
      return file.toString().contains(token) || text.contains(token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(PullTest.By.class)
  void grants_givenAndTaken(PullTest.By by) {
    List<RepoPattern> both =
        List.of(RepoPattern.parse("org/*"), RepoPattern.parse("datasets/org/x"));
    give(by, new GrantChange("b", both, List.of()));

    assertThat(with(by, Tokens::grants))
        .extracting(Tokens.Grant::group, Tokens.Grant::pattern)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("b", "datasets/org/x"),
            org.assertj.core.groups.Tuple.tuple("b", "org/*"));

    give(by, new GrantChange("b", List.of(), both.subList(0, 1)));

    assertThat(with(by, Tokens::grants))
        .extracting(Tokens.Grant::pattern)
        .containsExactly("datasets/org/x");
    assertThat(
            failing(
                by,
                tokens -> {
                  tokens.change(new GrantChange("b", List.of(), both.subList(0, 1)));
                  return "";
                }))
        .isEqualTo("no-such-grant");
  }

  private void give(PullTest.By by, GrantChange change) {
    String _ =
        with(
            by,
            tokens -> {
              tokens.change(change);
              return "";
            });
  }
}
