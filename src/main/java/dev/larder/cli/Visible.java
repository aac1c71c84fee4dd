package dev.larder.cli;

/**
 * Text that others chose, such as the name of a file, as a terminal may get it: it could hold an
 * escape sequence that changes the screen, or a mark that turns the direction of what follows.
 */
final class Visible {
  private Visible() {}

  /** Control, format and separator characters become an escape with their number. For one line. */
  static String of(String text) {
    if (text.codePoints().noneMatch(Visible::hidden)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (hidden(c)) {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
