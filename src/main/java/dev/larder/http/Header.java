package dev.larder.http;

import io.netty.util.AsciiString;

/**
 * A header of an answer, checked and encoded once: what goes to the wire is copied as a block,
 * however often it is sent. The value may come from anywhere: it keeps its visible ASCII
 * characters, spaces and tabs, and every other character is a {@code ?}, so that no value can end
 * its line. The name is a constant of ours; one that RFC 9110 does not allow is refused. Immutable.
 */
public final class Header {
  /** RFC 9110 §5.6.2, beside letters and digits. */
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final AsciiString name;
  private final AsciiString value;

  private Header(AsciiString name, AsciiString value) {
    this.name = name;
    this.value = value;
  }

  public static Header of(String name, String value) {
    if (name.isEmpty() || !name.chars().allMatch(Header::isOfToken)) {
      throw new IllegalArgumentException("'" + Printable.of(name) + "' is no name of a header");
    }
    return new Header(AsciiString.cached(name), AsciiString.cached(printable(value)));
  }

  private static boolean isOfToken(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_MARKS.indexOf(c) >= 0;
  }

  private static String printable(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!isPrintable(value.charAt(i))) {
        return replaced(value);
      }
    }
    return value;
  }

  private static String replaced(String value) {
    StringBuilder out = new StringBuilder(value);
    for (int i = 0; i < value.length(); i++) {
      if (!isPrintable(value.charAt(i))) {
        out.setCharAt(i, '?');
      }
    }
    return out.toString();
  }

  private static boolean isPrintable(char c) {
    return (c >= 0x20 && c < 0x7f) || c == '\t';
  }

  public String name() {
    return name.toString();
  }

  public String value() {
    return value.toString();
  }

  AsciiString encodedName() {
    return name;
  }

  AsciiString encodedValue() {
    return value;
  }

  @Override
  public String toString() {
    return name + ": " + value;
  }
}
