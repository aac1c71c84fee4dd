package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.ReadableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** What {@link Shelf} asks of the files behind blobs and does to them. Keeps no state. */
record BlobFiles(StoreParts parts) {
  static final int PUBLISHED = 0444;
  private static final int MAX_TRIES = 3;

  Path name(Digest digest) {
    return parts.layout().blob(digest);
  }

  /** The file under the blob's name as it is now. */
  Optional<FileStat> stat(Digest digest) throws IOException {
    return parts.disk().stat(name(digest));
  }

  /** The file of a blob that must be there. */
  Fingerprint fingerprint(Digest digest) throws IOException {
    return stat(digest)
        .orElseThrow(() -> new IOException(name(digest) + " has disappeared"))
        .fingerprint();
  }

  FileChannel open(Digest digest) throws IOException {
    return parts.disk().openRead(name(digest));
  }

  /** Whether the bytes hash to the name. */
  boolean hashesToName(Digest digest) throws IOException {
    try (ReadableFile bytes = parts.disk().openQuietly(name(digest))) {
      return BlobHasher.hash(bytes, digest).digest().equals(digest);
    }
  }

  /**
   * The file as it was all the while in which its bytes proved right; empty when they are wrong.
   * One that was only touched meanwhile (a link more, a new time) is hashed again.
   */
  Optional<FileStat> proven(Digest digest, FileStat stat) throws IOException {
    FileStat before = stat;
    for (int i = 0; i < MAX_TRIES; i++) {
      FileStat after = hashesToName(digest) ? stat(digest).orElse(null) : null;
      if (after == null || after.fingerprint().equals(before.fingerprint())) {
        return Optional.ofNullable(after);
      }
      before = after;
    }
    throw new IOException(name(digest) + " keeps being changed while it is hashed");
  }

  /** Read-only again, should somebody have changed that; which changes the ctime once more. */
  Fingerprint sealed(Digest digest, FileStat stat) throws IOException {
    if (stat.mode() == PUBLISHED) {
      return stat.fingerprint();
    }
    parts.disk().chmod(name(digest), PUBLISHED);
    // Durable before the row that will record the new ctime.
    parts.disk().syncFile(name(digest));
    return stat(digest)
        .map(FileStat::fingerprint)
        .filter(now -> now.modifiedNanos() == stat.modifiedNanos())
        .orElse(stat.fingerprint());
  }

  /** Makes a sound file that lost its protection or was never synced as good as a new blob. */
  void settle(Digest digest) throws IOException {
    parts.disk().chmod(name(digest), PUBLISHED);
    parts.disk().syncFile(name(digest));
    parts.disk().syncDirectory(parts.layout().shard(digest));
  }

  boolean moveToQuarantine(Digest digest, String reason) throws IOException {
    if (stat(digest).isEmpty()) {
      return false;
    }
    parts.quarantine().take(name(digest), digest.hex(), reason);
    parts.disk().syncDirectory(parts.layout().shard(digest));
    return true;
  }

  static boolean onlyChangeTimeDiffers(Fingerprint then, Fingerprint now) {
    return now.changedNanos() != then.changedNanos()
        && now.equals(
            new Fingerprint(
                then.inode(), then.sizeBytes(), then.modifiedNanos(), now.changedNanos()));
  }
}
