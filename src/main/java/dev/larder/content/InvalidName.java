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

  /** Printable ASCII stays, everything else is escaped; cut at 120 characters. */
  static String quoted(String value) {
    StringBuilder out = new StringBuilder();
    value
        .codePoints()
        .limit(120)
        .forEach(
            c -> {
              if (c >= 0x20 && c < 0x7f) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
              }
            });
    return value.length() > 120 ? out + "…" : out.toString();
  }
}
