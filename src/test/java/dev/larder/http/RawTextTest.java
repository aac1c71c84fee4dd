package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawTextTest {
  @Test
  void segments_escapesAndEmptyParts_stayVisible() {
    assertThat(RawText.segments("/hf//a%2Fb/")).containsExactly("hf", "", "a%2Fb", "");
    assertThat(RawText.segments("/")).containsExactly("");
  }

  @Test
  void decode_escaped_isUndoneOnce() {
    assertThat(RawText.decode("refs%2Fpr%2F1")).contains("refs/pr/1");
    assertThat(RawText.decode("a+b%20c%2525%23")).contains("a+b c%25#");
    assertThat(RawText.decode("%C3%BC")).contains("ü");
    // As llama.cpp sends it: bytes of UTF-8 that nobody escaped, one char each.
    assertThat(RawText.decode("\u00c3\u00bc")).contains("ü");
    assertThat(RawText.decode("%00")).contains("\0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%2", "%zz", "%2z", "%-1", "%ff", "%c0%af", "%ed%a0%80", "a%"})
  void decode_malformed_isEmpty(String raw) {
    assertThat(RawText.decode(raw)).isEmpty();
  }
}
