package dev.larder.content;

/**
 * A name, digest, range or size from outside is not one. The message quotes it escaped and cut, so
 * it is safe to log.
 */
public final class InvalidName extends LarderException {
  private static final long serialVersionUID = 1L;

  public InvalidName(String what, String value, String reason) {
    super(
        "bad-name",
        Retry.never(),
        "'%s' is not a valid %s: %s.".formatted(quoted(value), what, reason),
        null);
  }

  /** Text from outside as a sentence may hold it: as {@link #quoted(String, int)}, at 120. */
  static String quoted(String value) {
    return quoted(value, 120);
  }

  /** Printable ASCII stays, everything else is escaped; cut after {@code most} characters. */
  public static String quoted(String value, int most) {
    StringBuilder out = new StringBuilder();
    value
        .codePoints()
        .limit(most)
        .forEach(
            c -> {
              if (c >= 0x20 && c < 0x7f) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
              }
            });
    return value.length() > most ? out + "…" : out.toString();
  }
}
