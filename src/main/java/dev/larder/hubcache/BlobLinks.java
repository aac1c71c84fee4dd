package dev.larder.hubcache;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.WritableFile;
import dev.larder.store.BlobLease;
import dev.larder.store.BlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes names in {@code blobs} be blobs of the store: a second name of the same file, or a copy
 * where the two cannot share one.
 */
final class BlobLinks {
  private static final Logger log = LoggerFactory.getLogger(BlobLinks.class);
  private static final int COPY_BYTES = 1 << 20;

  private final Ground ground;
  private final Disk disk;
  private final BlobStore store;
  private final Verified verified;

  BlobLinks(Ground ground, BlobStore store, Verified verified) {
    this.ground = ground;
    this.disk = ground.disk;
    this.store = store;
    this.verified = verified;
  }

  /**
   * {@code name} lies in a {@code blobs} directory. Cheap when it is the store's file already.
   * Returns the size of the blob.
   */
  long place(Path name, Digest digest) throws IOException {
    Path source = store.path(digest);
    ground.ensureDirectory(HubLayout.parent(name));
    for (int i = 0; i < Ground.MAX_TRIES; i++) {
      FileStat ours =
          disk.stat(source).orElseThrow(() -> new NoSuchFileException(source.toString()));
      if (placed(name, source, ours, digest)) {
        return ours.sizeBytes();
      }
    }
    throw new FileSystemException(name.toString(), null, "others keep changing it");
  }

  /** Takes away a name that is the store's file or a copy of it. */
  void remove(Path name, Digest digest) throws IOException {
    disk.delete(name);
    store.relinked(digest);
    disk.syncDirectory(HubLayout.parent(name));
  }

  /** One try; false when somebody changed the name meanwhile. */
  private boolean placed(Path name, Path source, FileStat ours, Digest digest) throws IOException {
    Optional<FileStat> there = disk.stat(name);
    try {
      if (there.isEmpty()) {
        linkNew(source, name, digest);
      } else if (there.get().kind() == Kind.DIRECTORY) {
        throw new FileSystemException(name.toString(), null, "it is a directory");
      } else if (!ours.id().equals(there.get().id())
          && !verified.holds(name, digest, ours.sizeBytes())) {
        replace(source, name, digest);
      }
      return true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      log.debug("somebody else was at {}: {}", name, e.toString());
      return false;
    }
  }

  private void linkNew(Path source, Path name, Digest digest) throws IOException {
    if (!linked(digest, name)) {
      copy(source, name, digest);
    }
    // Before any link to it, so that a power cut leaves no snapshot without its blob.
    disk.syncDirectory(HubLayout.parent(name));
  }

  private void replace(Path source, Path name, Digest digest) throws IOException {
    log.atInfo()
        .addKeyValue("file", name)
        .log("A file in the cache does not hold what its name says and is replaced");
    Path temp = TempNames.fresh(HubLayout.parent(name));
    if (linked(digest, temp)) {
      try {
        disk.rename(temp, name);
      } finally {
        // Renaming between two names of one file does nothing: then a neighbour was faster.
        disk.delete(temp);
        // Both changed the times of the store's file.
        store.relinked(digest);
      }
    } else {
      copy(source, name, digest);
    }
    disk.syncDirectory(HubLayout.parent(name));
  }

  /** Gives the store's file another name; false where the file system does not. */
  private boolean linked(Digest digest, Path name) throws IOException {
    try {
      store.linkTo(digest, name);
      return true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // Another file system, no more links on this file, or links are not allowed to this user.
      log.debug("no link to {} at {}: {}", digest, name, e.toString());
      return false;
    }
  }

  private void copy(Path source, Path name, Digest digest) throws IOException {
    Path temp = TempNames.unfinished(name);
    try {
      if (!sound(digest)) {
        throw new NoSuchFileException(source.toString());
      }
      fill(source, temp);
      if (!sound(digest)) {
        throw new IOException(source + " changed while it was copied");
      }
      disk.rename(temp, name);
    } catch (FileAlreadyExistsException e) {
      throw e; // Of another attempt: not ours to remove.
    } catch (IOException e) {
      disk.delete(temp);
      throw e;
    }
    verified.remember(name, digest);
  }

  /** A source that is somebody else's file (served in place) may be written to at any time. */
  private boolean sound(Digest digest) {
    try (BlobLease lease = store.lease(digest).orElse(null)) {
      return lease != null;
    }
  }

  private void fill(Path source, Path target) throws IOException {
    if (disk.cloneFile(source, target)) {
      disk.chmod(target, ground.sharedMode());
      disk.syncFile(target);
    } else {
      copyBytes(source, target);
    }
  }

  private void copyBytes(Path source, Path target) throws IOException {
    try (FileChannel from = disk.openRead(source);
        WritableFile to = disk.create(target)) {
      transfer(from, to);
      disk.chmod(target, ground.sharedMode());
      to.sync();
    }
  }

  private static void transfer(FileChannel from, WritableFile to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
    for (long at = 0; from.read(buffer.clear(), at) > 0; at += buffer.limit()) {
      to.write(buffer.flip(), at);
    }
  }
}
