package dev.larder.resident.opennlp;

/**
 * Where long texts are cut. OpenNLP's tools take time by the square of what they get at once, and
 * of what has no white space in it, so they get no more than is needed for the same answer.
 */
final class Cuts {
  /** No word is longer, and no sentence without white space. */
  static final int LONGEST_RUN = 512;

  private Cuts() {}

  /**
   * Where a piece that begins at {@code from} ends: at most {@code most} characters on and after
   * white space; within a run only when that is too long to be a word, and then never within a
   * character. Always behind {@code from}.
   */
  static int end(String text, int from, int most) {
    int run = from;
    for (int at = from; at < text.length(); at++) {
      if (at - from >= most || at - run >= LONGEST_RUN) {
        return run > from ? run : whole(text, at);
      }
      if (Character.isWhitespace(text.charAt(at))) {
        run = at + 1;
      }
    }
    return text.length();
  }

  private static int whole(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
  }
}
