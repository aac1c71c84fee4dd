package dev.larder.content;

import java.util.regex.Pattern;

/** Immutable id that a revision resolves to: 40 lower-case hexadecimal characters. */
public record Commit(String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}");

  public Commit {
    if (!looksLike(hex)) {
      throw new InvalidName("commit", hex, "40 lower-case hexadecimal characters are needed");
    }
  }

  public static boolean looksLike(String text) {
    return HEX.matcher(text).matches();
  }

  @Override
  public String toString() {
    return hex;
  }
}
