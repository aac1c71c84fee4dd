package dev.larder.location;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a file that is called after its hash has it, found while it is copied. */
final class ByName {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private final Optional<Identity> expected;
  private final Optional<MessageDigest> hasher;

  private ByName(Optional<Identity> expected, long sizeBytes) {
    this.expected = expected;
    this.hasher = expected.map(identity -> hasher(identity, sizeBytes));
  }

  /** Blobs of the store, and of a repo in the tree; nothing is expected of any other file. */
  static ByName of(MoveRequest move, Path file, long sizeBytes) {
    String name = String.valueOf(file.getFileName());
    boolean blob =
        HEX.matcher(name).matches()
            && (file.startsWith(move.larder().resolve("store"))
                || (file.startsWith(move.hub())
                    && file.getParent() != null
                    && file.getParent().endsWith("blobs")));
    return new ByName(blob ? Optional.of(Identity.ofHex(name)) : Optional.empty(), sizeBytes);
  }

  private static MessageDigest hasher(Identity identity, long sizeBytes) {
    return switch (identity) {
      case Digest _ -> sha256();
      case GitBlobId _ -> GitBlobId.hasher(sizeBytes);
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void update(ByteBuffer bytes) {
    hasher.ifPresent(hash -> hash.update(bytes));
  }

  /** Once. Throws {@link LocationException.Damaged} when the bytes were others. */
  void require(Path file) {
    if (expected.isEmpty() || hasher.isEmpty()) {
      return;
    }
    byte[] hash = hasher.get().digest();
    Identity found =
        switch (expected.get()) {
          case Digest _ -> Digest.of(hash);
          case GitBlobId _ -> GitBlobId.of(hash);
        };
    if (!found.equals(expected.get())) {
      throw new LocationException.Damaged(
          "%s hashes to %s and not to its name, so it was not copied and the location stays where it is; 'larder verify --repair' mends it."
              .formatted(file, found));
    }
  }
}
