package dev.larder.content;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of a blob's bytes, 64 lower-case hexadecimal characters. The only name a blob has in the
 * store.
 */
public record Digest(String hex) implements Identity, Comparable<Digest> {
  public static final int LENGTH = 64;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new InvalidName(
          "SHA-256 digest", hex, "64 lower-case hexadecimal characters are needed");
    }
  }

  /** From the 32 bytes a {@code MessageDigest} gives. */
  public static Digest of(byte[] sha256) {
    return new Digest(HexFormat.of().formatHex(sha256));
  }

  /** The first two characters: the directory the blob lies in. */
  public String shard() {
    return hex.substring(0, 2);
  }

  /** Enough to recognise it in a message. */
  public String abbreviated() {
    return hex.substring(0, 12) + "…";
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return "sha256:" + hex;
  }
}
