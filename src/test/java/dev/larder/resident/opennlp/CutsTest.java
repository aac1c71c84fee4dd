package dev.larder.resident.opennlp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where long texts are cut. */
class CutsTest {
  @Test
  void text_thatFits_isOnePiece() {
    assertThat(Cuts.end("one two", 0, 7)).isEqualTo(7);
    assertThat(Cuts.end("one two", 4, 100)).isEqualTo(7);
  }

  @Test
  void text_thatDoesNot_isCutAfterWhiteSpace() {
    assertThat(Cuts.end("one two three", 0, 9)).isEqualTo(8);
    assertThat(Cuts.end("one two three", 0, 8)).isEqualTo(8);
    assertThat(Cuts.end("one two three", 4, 4)).isEqualTo(8);
  }

  @Test
  void run_tooLongForAWord_isCutByItself() {
    String run = "x".repeat(2_000);

    assertThat(Cuts.end("one " + run, 0, 10_000)).isEqualTo(4);
    assertThat(Cuts.end("one " + run, 4, 10_000)).isEqualTo(4 + Cuts.LONGEST_RUN);
  }

  @Test
  void character_ofTwoChars_isNeverCut() {
    String faces = "x" + "\uD83D\uDE00".repeat(1_000);

    assertThat(Cuts.end(faces, 0, 10_000)).isEqualTo(Cuts.LONGEST_RUN - 1);
  }
}
