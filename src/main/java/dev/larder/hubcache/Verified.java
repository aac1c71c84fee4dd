package dev.larder.hubcache;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether files that somebody else wrote hold what they should. A file is hashed once and again
 * only when its fingerprint changed; the memory of it lasts as long as the process.
 */
final class Verified {
  private static final int REMEMBERED = 20_000;
  private static final int READ_BYTES = 1 << 20;

  private final Ground ground;
  private final LinkReader links;
  private final Map<Path, Known> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** What a file hashed to when it had this fingerprint. */
  private record Known(Fingerprint fingerprint, Digest digest) {}

  Verified(Ground ground, LinkReader links) {
    this.ground = ground;
    this.links = links;
  }

  /** Whether {@code name} leads, inside the cache, to a file of these bytes. */
  boolean holds(Path name, Digest digest, long sizeBytes) throws IOException {
    return links.follow(name) instanceof Followed.File(Path file, FileStat stat, _)
        && stat.sizeBytes() == sizeBytes
        && holds(file, stat.fingerprint(), digest);
  }

  private boolean holds(Path file, Fingerprint fingerprint, Digest digest) throws IOException {
    Known last = recall(file);
    if (last == null || !last.fingerprint().equals(fingerprint)) {
      last = new Known(fingerprint, hash(file));
      if (!unchanged(file, fingerprint)) {
        return false;
      }
      note(file, last);
    }
    return last.digest().equals(digest);
  }

  private boolean unchanged(Path file, Fingerprint fingerprint) throws IOException {
    return ground
        .disk
        .stat(file)
        .map(FileStat::fingerprint)
        .filter(fingerprint::equals)
        .isPresent();
  }

  /** The file was just written from bytes of {@code digest}. */
  void remember(Path file, Digest digest) throws IOException {
    ground.disk.stat(file).ifPresent(stat -> note(file, new Known(stat.fingerprint(), digest)));
  }

  private synchronized @Nullable Known recall(Path file) {
    return known.get(file);
  }

  private synchronized void note(Path file, Known what) {
    known.put(file, what);
  }

  private Digest hash(Path file) throws IOException {
    MessageDigest sha256 = Digest.hasher();
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    try (ReadableFile bytes = ground.disk.openQuietly(file)) {
      for (long at = 0; bytes.read(buffer.clear(), at) > 0; at += buffer.limit()) {
        sha256.update(buffer.flip());
      }
    }
    return Digest.of(sha256.digest());
  }
}
