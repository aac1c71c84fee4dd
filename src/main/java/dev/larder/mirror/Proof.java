package dev.larder.mirror;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.transfer.TransferException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Whether bytes that pass are those of an identity. For one thread. */
final class Proof {
  private final Identity expected;
  private final String what;
  private final MessageDigest hash;

  /** Of {@code sizeBytes} that {@code what} names. */
  Proof(Identity expected, long sizeBytes, String what) {
    this.expected = expected;
    this.what = what;
    this.hash =
        switch (expected) {
          case Digest _ -> sha256();
          case GitBlobId _ -> GitBlobId.hasher(sizeBytes);
        };
  }

  void add(byte[] bytes, int offset, int length) {
    hash.update(bytes, offset, length);
  }

  /** All were added. Throws {@link TransferException.ContentMismatch} when they are others. */
  void check() {
    byte[] found = hash.digest();
    Identity came =
        switch (expected) {
          case Digest _ -> Digest.of(found);
          case GitBlobId _ -> GitBlobId.of(found);
        };
    if (!came.equals(expected)) {
      throw mismatch(what);
    }
  }

  static TransferException.ContentMismatch mismatch(String what) {
    return new TransferException.ContentMismatch(
        "What the upstream sent for %s is not what it announced; it was passed on without its end."
            .formatted(what),
        null);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
