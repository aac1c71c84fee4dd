package dev.larder.upkeep;

import dev.larder.content.Digest;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes one blob off the disk, with every link that Larder made to it and with no other.
 *
 * <p>In the reverse order of writing: refs of a snapshot that is empty then, its links, the name in
 * the repo's {@code blobs}, then the store's file and its row. It may be cut anywhere and repeated:
 * what is left is a whole tree with fewer files, and the next run finishes. Whether the blob is
 * worth keeping is decided before. Safe for concurrent use; blocks.
 */
public interface BlobRemoval {
  /** What would make {@link #remove} answer {@link Removed.Foreign} now. Changes nothing. */
  Optional<Path> foreign(Digest digest);

  /** Throws the families of store, tree and catalog when a step is refused. */
  Removed remove(Digest digest);
}
