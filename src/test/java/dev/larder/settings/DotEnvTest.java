package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DotEnvTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void parse_everyForm_givesNameValueAndLine() {
    List<Assigned> assigned =
        DotEnv.parse(
            """
            \uFEFFPLAIN=one two  \r
            # a comment
              export EXPORTED = three\s\s
            COMMENTED=four # not this
            HASH=four#five
            SINGLE='six # "$X" \\n' # not this
            DOUBLE="a\\tb\\n\\"c\\" \\$d \\\\ \\q # e"
            EMPTY=
            EMPTY_TOO= # nothing
            EQUALS=a=b
            """,
            problems);

    assertThat(assigned)
        .extracting(a -> a.name() + "=[" + a.text() + "] " + a.origin())
        .containsExactly(
            "PLAIN=[one two] .env line 1",
            "EXPORTED=[three] .env line 3",
            "COMMENTED=[four] .env line 4",
            "HASH=[four#five] .env line 5",
            "SINGLE=[six # \"$X\" \\n] .env line 6",
            "DOUBLE=[a\tb\n\"c\" $d \\ \\q # e] .env line 7",
            "EMPTY=[] .env line 8",
            "EMPTY_TOO=[] .env line 9",
            "EQUALS=[a=b] .env line 10");
    assertThat(problems).isEmpty();
  }

  @Test
  void parse_brokenLinesOfOthers_areSkipped() {
    List<Assigned> assigned = DotEnv.parse("source_up\nTHEIRS='no end\nA-B=1\nLAST=1", problems);

    assertThat(assigned).extracting(Assigned::name).containsExactly("LAST");
    assertThat(problems).isEmpty();
  }

  @Test
  void parse_brokenLinesOfOurs_areNamed() {
    DotEnv.parse("LARDER_PORT 8090\nLARDER_HOST=\"no end\n", problems);

    assertThat(problems)
        .containsExactly(
            ".env line 1 is not NAME=value.",
            "LARDER_HOST (.env line 2) has a quote that does not end.");
  }
}
