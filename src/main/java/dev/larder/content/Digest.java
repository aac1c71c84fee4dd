package dev.larder.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of a blob's bytes, written as 64 lower-case hexadecimal characters. The only name a blob
 * has in the store. Holds four numbers and not the text: a store remembers a million of them.
 */
public final class Digest implements Identity, Comparable<Digest> {
  public static final int LENGTH = 64;
  private static final int PART = LENGTH / 4;

  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  /** Throws {@link InvalidName} for anything but 64 lower-case hexadecimal characters. */
  public Digest(String hex) {
    if (!isOne(hex)) {
      throw new InvalidName(
          "SHA-256 digest", hex, "64 lower-case hexadecimal characters are needed");
    }
    first = number(hex, 0);
    second = number(hex, 1);
    third = number(hex, 2);
    fourth = number(hex, 3);
  }

  /** Whether it is the text of a digest. */
  public static boolean isOne(String hex) {
    if (hex.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static long number(String hex, int part) {
    return HexFormat.fromHexDigitsToLong(hex, part * PART, (part + 1) * PART);
  }

  /** A SHA-256 that has seen nothing yet. */
  public static MessageDigest hasher() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** From the 32 bytes a {@link #hasher} gives. */
  public static Digest of(byte[] sha256) {
    return new Digest(HexFormat.of().formatHex(sha256));
  }

  @Override
  public String hex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(first)
        + hex.toHexDigits(second)
        + hex.toHexDigits(third)
        + hex.toHexDigits(fourth);
  }

  /** The first two characters: the directory the blob lies in. */
  public String shard() {
    return HexFormat.of().toHexDigits(first >>> 56, 2);
  }

  /** Enough to recognise it in a message. */
  public String abbreviated() {
    return hex().substring(0, 12) + "…";
  }

  /** In the order of their texts. */
  @Override
  public int compareTo(Digest other) {
    int order = Long.compareUnsigned(first, other.first);
    order = order != 0 ? order : Long.compareUnsigned(second, other.second);
    order = order != 0 ? order : Long.compareUnsigned(third, other.third);
    return order != 0 ? order : Long.compareUnsigned(fourth, other.fourth);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest
        && first == digest.first
        && second == digest.second
        && third == digest.third
        && fourth == digest.fourth;
  }

  /** They are as good as random. */
  @Override
  public int hashCode() {
    return Long.hashCode(first);
  }

  @Override
  public String toString() {
    return "sha256:" + hex();
  }
}
