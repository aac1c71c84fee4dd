package dev.larder.provision;

import dev.larder.content.ContentHash;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.ReadableFile;
import dev.larder.store.Intake;
import dev.larder.store.Lookup;
import dev.larder.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings one file of somebody else's into the store: as a second name of the same file where that
 * is possible, else as a copy with room reserved for it. Its bytes are compared with what it should
 * be either way.
 */
final class Taking implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Rooms rooms;
  private final boolean copy;
  private final Intake intake;
  private long copiedBytes;

  /** What the store has now, as it has it: a file that was compared may change afterwards. */
  record Taken(Digest digest, long sizeBytes) {}

  /**
   * {@code copy}: never share a file. Reserves room at once for those of {@code files} that have to
   * be copied, each identity once.
   */
  Taking(Rooms rooms, boolean copy, Map<Identity, Path> files) {
    this.rooms = rooms;
    this.copy = copy;
    this.intake = rooms.store().intake(toCopy(files));
  }

  private long toCopy(Map<Identity, Path> files) {
    BlobSources sources = new BlobSources(rooms);
    long bytes = 0;
    for (var each : files.entrySet()) {
      try {
        if (sources.inStore(each.getKey()).isEmpty()
            && (copy || !onOneFileSystem(each.getValue()))) {
          bytes += rooms.disk().stat(each.getValue()).map(FileStat::sizeBytes).orElse(0L);
        }
      } catch (IOException e) {
        throw new ProvisionException.ArchiveIo("read " + each.getValue(), e);
      }
    }
    return bytes;
  }

  long copiedBytes() {
    return copiedBytes;
  }

  /**
   * Throws {@link StoreException.BlobMismatch} when its bytes are others, whether the store has the
   * right ones already or not. What was taken stays in the store until this is closed.
   */
  Taken take(Path file, Identity identity) {
    Optional<Digest> here = new BlobSources(rooms).inStore(identity).filter(intake::keep);
    here.ifPresent(digest -> requireSame(file, identity, digest));
    Digest digest = here.isPresent() ? here.get() : brought(file, identity);
    if (identity instanceof GitBlobId id) {
      rooms.catalog().pinBlob(id, digest);
    }
    if (!intake.keep(digest) || !(rooms.store().find(digest) instanceof Lookup.Present blob)) {
      throw new ProvisionException.ArchiveIo(
          "take in " + file, new IOException("somebody removed it from the store at once"));
    }
    return new Taken(digest, blob.sizeBytes());
  }

  private void requireSame(Path file, Identity expected, Digest here) {
    try {
      FileStat there = rooms.disk().stat(file).orElseThrow(() -> gone(file));
      Optional<FileStat> ours = rooms.store().stat(here);
      if (ours.map(FileStat::id).filter(there.id()::equals).isEmpty()) {
        ContentHash.Hashed hashed = hashed(rooms.disk(), file, expected);
        if (!hashed.found().equals(expected)) {
          throw new StoreException.BlobMismatch(expected, hashed.found(), "nothing was stored");
        }
      }
    } catch (IOException e) {
      throw new ProvisionException.ArchiveIo("read " + file, e);
    }
  }

  private static NoSuchFileException gone(Path file) {
    return new NoSuchFileException(file.toString());
  }

  static ContentHash.Hashed hashed(Disk disk, Path file, Identity expected) throws IOException {
    try (ReadableFile bytes = disk.openQuietly(file)) {
      ContentHash hash = new ContentHash(expected, bytes.size());
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      for (long at = 0; bytes.read(buffer.clear(), at) > 0; at += buffer.limit()) {
        hash.update(buffer.flip());
      }
      return hash.finish();
    }
  }

  private Digest brought(Path file, Identity identity) {
    try {
      if (copy || !onOneFileSystem(file)) {
        return copied(file, identity);
      }
      Digest digest = rooms.store().adopt(file, identity);
      if (rooms.store().inPlace(digest).isEmpty()) {
        return digest;
      }
      // It may not be shared: left where it is, it would go with the directory.
      rooms.store().remove(digest);
      return copied(file, identity);
    } catch (IOException e) {
      throw new ProvisionException.ArchiveIo("read " + file, e);
    }
  }

  private boolean onOneFileSystem(Path file) throws IOException {
    Optional<FileStat> there = rooms.disk().stat(file);
    Path larder = rooms.store().path(new Digest("0".repeat(Digest.LENGTH)));
    for (Path at = larder; at != null; at = at.getParent()) {
      Optional<FileStat> here = rooms.disk().stat(at);
      if (here.isPresent()) {
        return there.filter(stat -> stat.device() == here.get().device()).isPresent();
      }
    }
    return false;
  }

  private Digest copied(Path file, Identity identity) throws IOException {
    try (ReadableFile bytes = rooms.disk().openQuietly(file)) {
      long size = bytes.size();
      var at = new AtomicLong();
      Digest digest = intake.put(identity, size, buffer -> read(file, bytes, at, buffer));
      intake.publish(digest);
      copiedBytes += size;
      return digest;
    }
  }

  private static int read(Path file, ReadableFile bytes, AtomicLong at, byte[] buffer) {
    try {
      int count = bytes.read(ByteBuffer.wrap(buffer), at.get());
      at.addAndGet(Math.max(0, count));
      return count;
    } catch (IOException e) {
      throw new ProvisionException.ArchiveIo("read " + file, e);
    }
  }

  @Override
  public void close() {
    intake.close();
  }
}
