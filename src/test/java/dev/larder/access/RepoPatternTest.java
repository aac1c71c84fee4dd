package dev.larder.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepoPatternTest {
  @ParameterizedTest
  @CsvSource({
    "org/name, org/name, true",
    "org/name, org/name2, false",
    "org/name, Org/name, false",
    "org/*, org/name, true",
    "org/*, org2/name, false",
    "org/*, datasets/org/name, false",
    "org/v*-gguf, org/v1-gguf, true",
    "org/v*-gguf, org/v1, false",
    "o.g/name, oxg/name, false",
    "*/name, a/name, true",
    "*/name, name, false",
    "o**g/*, org/x, true",
    "*, org/name, true",
    "*, single, true",
    "*, datasets/org/name, false",
    "datasets/*, datasets/org/name, true",
    "datasets/*, org/name, false",
    "models/org/*, org/name, true",
    "spaces/org/app, spaces/org/app, true",
  })
  void matcher_asPeopleReadIt(String pattern, String repo, boolean means) {
    assertThat(RepoPattern.parse(pattern).matcher().test(RepoId.parse(repo))).isEqualTo(means);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b/c", "a/", "/b", "a b/c", "a/[bc]", "datasets/", "a/\n"})
  void parse_whatNoRepoIsCalled_isRefused(String text) {
    assertThatThrownBy(() -> RepoPattern.parse(text)).isInstanceOf(InvalidName.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"org/*", "datasets/org/name", "spaces/*", "*"})
  void text_comesBackAsItWas(String text) {
    assertThat(RepoPattern.parse(text)).hasToString(text);
  }
}
