package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations were computed by Python's own {@code fnmatch.fnmatchcase}. */
class FnmatchTest {
  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "* | a/b/c.json | true",
        "*.json | a/b/c.json | true",
        "*.json | c.jsonl | false",
        "a/* | a/b/c | true",
        "a/* | ab/c | false",
        "?.bin | a.bin | true",
        "?.bin | ab.bin | false",
        "a?b | a/b | true",
        "[ab].bin | b.bin | true",
        "[ab].bin | c.bin | false",
        "[!ab].bin | c.bin | true",
        "[!ab].bin | a.bin | false",
        "[a-c]x | bx | true",
        "[a-c]x | dx | false",
        "[c-a]x | bx | false",
        "[!c-a]x | bx | true",
        "[]a]x | ]x | true",
        "[!]a]x | ]x | false",
        "[a-]x | -x | true",
        "[-a]x | -x | true",
        "[^a]x | ^x | true",
        "[^a]x | bx | false",
        "[ax | [ax | true",
        "a.b | axb | false",
        "a+(b)$ | a+(b)$ | true",
        "MODEL* | model.bin | false",
        "a\\*b | a*b | false",
        "a\\*b | a\\xb | true",
        "[[]x | [x | true",
        "[a&&b]x | &x | true",
        "**/x | a/x | true",
        "**/x | x | false",
      })
  void compile_asPython(String glob, String path, boolean matches) {
    assertThat(Fnmatch.compile(glob).matcher(path).matches()).isEqualTo(matches);
  }
}
