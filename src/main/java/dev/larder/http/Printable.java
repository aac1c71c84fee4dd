package dev.larder.http;

/** Text from outside, made fit for a message or a log line. */
final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /** Everything but printable ASCII becomes {@code ?}; what is long is cut. */
  static String of(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      char c = text.charAt(i);
      out.append(c > 0x20 && c < 0x7f ? c : '?');
    }
    return text.length() > LONGEST ? out + "..." : out.toString();
  }
}
