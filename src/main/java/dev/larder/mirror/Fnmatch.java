package dev.larder.mirror;

import java.util.regex.Pattern;

/**
 * Patterns as Python's {@code fnmatch} has them, on the whole path and with regard to case: {@code
 * *} is any text, slashes included; {@code ?} one character; {@code [a-z]} and {@code [!a-z]} one
 * of a set. There is no escape. Python 3.13, {@code Lib/fnmatch.py}.
 */
final class Fnmatch {
  private Fnmatch() {}

  static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i);
      int close = c == '[' ? closing(glob, i) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (close > 0) {
        regex.append(set(glob.substring(i + 1, close)));
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
      i++;
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /**
   * Index of the bracket that ends the set, or -1: then the opening one is an ordinary character.
   */
  private static int closing(String glob, int open) {
    int from = open + 1;
    if (from < glob.length() && glob.charAt(from) == '!') {
      from++;
    }
    // A bracket in the first place belongs to the set.
    return glob.indexOf(']', from + 1);
  }

  private static String set(String body) {
    boolean negated = body.startsWith("!");
    String members = negated ? body.substring(1) : body;
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < members.length()) {
      char low = members.charAt(i);
      boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
      char high = range ? members.charAt(i + 2) : low;
      if (low <= high) {
        out.append("\\x{%x}-\\x{%x}".formatted((int) low, (int) high));
      }
      i += range ? 3 : 1;
    }
    if (out.isEmpty()) {
      // Only ranges that run backwards: nothing is in the set.
      return negated ? "." : "(?!)";
    }
    return (negated ? "[^" : "[") + out + "]";
  }
}
