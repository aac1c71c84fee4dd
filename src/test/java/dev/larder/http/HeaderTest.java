package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a header may hold, whoever its value came from. */
class HeaderTest {
  @Test
  void value_thatFits_staysAsItIs() {
    Header header = Header.of("X-A", "\"~ !\ta,b\"");

    assertThat(header.value()).isEqualTo("\"~ !\ta,b\"");
    assertThat(header.encodedValue().array()).hasSize(9);
    assertThat(header).hasToString("X-A: \"~ !\ta,b\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'a\r\nX-B: c', a??X-B: c",
    "'a\u0000b', a?b",
    "'a\u007fb\u0085', a?b?",
    "'\u00fcber \u20ac', ?ber ?",
    "'\ud83d\ude00', ??"
  })
  void value_withOtherCharacters_hasQuestionMarksInstead(String given, String kept) {
    assertThat(Header.of("X-A", given).value()).isEqualTo(kept);
    assertThat(Header.of("X-A", given).encodedValue().toString()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X A", "X:", "X-A\r\nX-B", "X\u0000", "\u00dcber"})
  void name_thatIsNone_isRefused(String name) {
    assertThatThrownBy(() -> Header.of(name, "v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no name of a header")
        .hasMessageNotContaining("\n");
  }

  @Test
  void value_withALineBreak_isSentOnOneLine() throws Exception {
    ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
    endpoint.peeked.put(
        "/t/a", _ -> new Reply.Head(200, List.of(Header.of("X-A", "a\r\nX-B: \u20ac")), 0));
    try (Door door =
        new Door(DoorSettings.at("127.0.0.1", 0), List.of(endpoint), InstantSource.system())) {
      RawClient.Response got = RawClient.ask(door.start(), "HEAD", "/t/a");

      assertThat(got.header("x-a")).isEqualTo("a??X-B: ?");
      assertThat(got.headers()).doesNotContainKey("x-b");
    }
  }
}
