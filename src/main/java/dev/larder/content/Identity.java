package dev.larder.content;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What an upstream claims a file's bytes hash to: a {@link Digest} for large files, a {@link
 * GitBlobId} for files kept in git. Its {@link #hex()} is the name of the blob in the Hugging Face
 * cache tree.
 */
public sealed interface Identity permits Digest, GitBlobId {
  Pattern STRONG_HEX = Pattern.compile("\"?([0-9a-f]{40}|[0-9a-f]{64})\"?");

  /** The SHA-256 of the bytes: itself, or what {@code known} has for a git blob id. */
  default Optional<Digest> digest(Function<GitBlobId, Optional<Digest>> known) {
    return switch (this) {
      case Digest sha256 -> Optional.of(sha256);
      case GitBlobId git -> known.apply(git);
    };
  }

  /** Lower-case hexadecimal, 64 characters for SHA-256 and 40 for a git blob id. */
  String hex();

  /**
   * Reads an {@code ETag} or {@code X-Linked-Etag}. Anything but a strong tag of 40 or 64
   * lower-case hex digits proves nothing about bytes and is empty.
   */
  static Optional<Identity> ofValidator(String etag) {
    var match = STRONG_HEX.matcher(etag.strip());
    return match.matches() ? Optional.of(ofHex(match.group(1))) : Optional.empty();
  }

  /** By length: 64 is a SHA-256, 40 a git blob id. Throws {@link InvalidName} otherwise. */
  static Identity ofHex(String hex) {
    return hex.length() == GitBlobId.LENGTH ? new GitBlobId(hex) : new Digest(hex);
  }
}
