package dev.larder.content;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Hashes bytes as they pass: their digest, and their git blob id when that is what they are said to
 * be. For one thread.
 */
public final class ContentHash {
  private final MessageDigest sha256;
  private final @Nullable MessageDigest sha1;

  /** {@code sizeBytes} goes into a git blob id before the first byte. */
  public ContentHash(Identity expected, long sizeBytes) {
    sha256 = Digest.hasher();
    sha1 = expected instanceof GitBlobId ? GitBlobId.hasher(sizeBytes) : null;
  }

  /** The digest, and the identity of the kind that was expected. */
  public record Hashed(Digest digest, Identity found) {}

  public void update(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
    if (sha1 != null) {
      sha1.update(bytes, offset, length);
    }
  }

  /** What is left of {@code bytes}, which keeps its position. */
  public void update(ByteBuffer bytes) {
    sha256.update(bytes.duplicate());
    if (sha1 != null) {
      sha1.update(bytes.duplicate());
    }
  }

  /** Once. */
  public Hashed finish() {
    Digest digest = Digest.of(sha256.digest());
    return new Hashed(digest, sha1 == null ? digest : GitBlobId.of(sha1.digest()));
  }
}
