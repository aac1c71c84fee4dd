package dev.larder.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-1 that git gives a file: of {@code "blob " + <decimal length> + NUL + bytes}. 40 lower-case
 * hexadecimal characters. Git's object format:
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects.
 */
public record GitBlobId(String hex) implements Identity {
  public static final int LENGTH = 40;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}");

  public GitBlobId {
    if (!HEX.matcher(hex).matches()) {
      throw new InvalidName("git blob id", hex, "40 lower-case hexadecimal characters are needed");
    }
  }

  /**
   * A SHA-1 that has already seen git's header for a file of {@code sizeBytes}; feed it the bytes
   * next.
   */
  public static MessageDigest hasher(long sizeBytes) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + sizeBytes + "\0").getBytes(StandardCharsets.US_ASCII));
      return sha1;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** From the 20 bytes a {@link #hasher} gives. */
  public static GitBlobId of(byte[] sha1) {
    return new GitBlobId(HexFormat.of().formatHex(sha1));
  }

  @Override
  public String toString() {
    return "git:" + hex;
  }
}
