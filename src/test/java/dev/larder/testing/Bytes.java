package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;

/** Reproducible bytes and what they hash to. */
public final class Bytes {
  private Bytes() {}

  public static byte[] of(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public static Digest digest(byte[] bytes) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static GitBlobId gitId(byte[] bytes) {
    return GitBlobId.of(GitBlobId.hasher(bytes.length).digest(bytes));
  }

  /** A view of {@code [start, end)}. */
  public static ByteBuffer slice(byte[] bytes, long start, long end) {
    return ByteBuffer.wrap(bytes, (int) start, (int) (end - start));
  }
}
