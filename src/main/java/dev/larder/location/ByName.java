package dev.larder.location;

import dev.larder.content.ContentHash;
import dev.larder.content.Identity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a file that is called after its hash has it, found while it is copied. */
final class ByName {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private final Optional<Identity> expected;
  private final Optional<ContentHash> hash;

  private ByName(Optional<Identity> expected, long sizeBytes) {
    this.expected = expected;
    this.hash = expected.map(identity -> new ContentHash(identity, sizeBytes));
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

  void update(ByteBuffer bytes) {
    hash.ifPresent(all -> all.update(bytes));
  }

  /** Once. Throws {@link LocationException.Damaged} when the bytes were others. */
  void require(Path file) {
    if (expected.isEmpty() || hash.isEmpty()) {
      return;
    }
    Identity found = hash.get().finish().found();
    if (!found.equals(expected.get())) {
      throw new LocationException.Damaged(
          "%s hashes to %s and not to its name, so it was not copied and the location stays where it is; 'larder verify --repair' mends it."
              .formatted(file, found));
    }
  }
}
