package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.hubcache.HubTree.FoundFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Which SHA-256 the git blob ids of a tree stand for, told by the bytes. Only of files that have a
 * second name, as all have that came through the store: of others the store learns it when it takes
 * them over.
 */
final class GitPins {
  /** What git keeps itself is small; the rest are large files, named by their SHA-256. */
  private static final long MOST_BYTES = 16L << 20;

  private final Catalog catalog;
  private final Set<GitBlobId> seen = new HashSet<>();

  GitPins(Catalog catalog) {
    this.catalog = catalog;
  }

  void pin(FoundFile file) {
    if (file.identity().orElse(null) instanceof GitBlobId id
        && file.sizeBytes() <= MOST_BYTES
        && seen.add(id)
        && isShared(file.file())) {
      pin(id, file.file());
    }
  }

  private static boolean isShared(Path file) {
    try {
      return Files.getAttribute(file, "unix:nlink") instanceof Integer links && links > 1;
    } catch (IOException | UnsupportedOperationException _) {
      return false; // It went, or nobody can tell: then the bytes tell when they are asked for.
    }
  }

  private void pin(GitBlobId id, Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (GitBlobId.of(GitBlobId.hasher(bytes.length).digest(bytes)).equals(id)) {
        catalog.pinBlob(id, Digest.of(Digest.hasher().digest(bytes)));
      }
    } catch (IOException _) {
      // As above.
    }
  }
}
