package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFileTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void parse_scalarsAndLists_keepTheirText() {
    List<Assigned> assigned =
        YamlFile.parse(
            """
            settings:
              a: 0644
              b: 1_000
              c: "x: y"
              d: [1, two]
              e:
              - three
              f:
              g: 12:30
            """,
            problems);

    assertThat(assigned)
        .extracting(a -> a.name() + "=" + a.text())
        .containsExactly("a=0644", "b=1_000", "c=x: y", "d=1,two", "e=three", "g=12:30");
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | ",
        "'# nothing'                 | ",
        "'models: []'                | ",
        "'settings:'                 | ",
        "'- a'                       | larder.yaml is not a map of names to values.",
        "'settings: [a]'             | larder.yaml: settings is not a map of names to values.",
        "'settings: {a: {b: c}}'     | larder.yaml: settings.a is neither a value nor a list of values.",
        "'settings: {a: 1, a: 2}'    | larder.yaml: settings.a is there twice.",
        "'settings: {[a]: 1}'        | larder.yaml: settings has a key that is not a name.",
      })
  void parse_otherShapes_areNamed(String text, String problem) {
    assertThat(YamlFile.parse(text, problems)).hasSizeLessThan(2);
    assertThat(problems).isEqualTo(problem == null ? List.of() : List.of(problem));
  }

  @Test
  void parse_noYaml_saysSoInOneLine() {
    YamlFile.parse("settings: {", problems);

    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("larder.yaml is not YAML: ")
        .hasLineCount(1);
  }
}
