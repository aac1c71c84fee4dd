package dev.larder.provision;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.ReadableFile;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.store.BlobLease;
import dev.larder.store.Lookup;
import dev.larder.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of what the cache holds: leased from the store, where files that others put into the
 * tree are taken over first; read in place where the store cannot be written.
 */
final class BlobSources {
  private final Rooms rooms;

  BlobSources(Rooms rooms) {
    this.rooms = rooms;
  }

  /** Bytes that stay as long as it is open. {@code digest}: empty when they were not hashed yet. */
  record Source(
      ReadableFile bytes,
      long sizeBytes,
      Optional<Digest> digest,
      Path file,
      @Nullable BlobLease lease)
      implements AutoCloseable {
    @Override
    public void close() {
      try (lease) {
        bytes.close();
      } catch (IOException _) {
        // It was only read.
      }
    }
  }

  /**
   * {@code file}: where the tree has it, if it does. Empty when it is not here (any more). Throws
   * {@link StoreException.BlobMismatch} when it is damaged, {@link StoreException.StoreIo} or
   * {@link ProvisionException.ArchiveIo} when it is here and cannot be read.
   */
  Optional<Source> open(Identity identity, Optional<Path> file) {
    Optional<Digest> known = inStore(identity);
    if (known.isPresent()) {
      Optional<Source> leased = leased(known.get());
      if (leased.isPresent()) {
        return leased;
      }
    }
    return file.flatMap(path -> adopted(identity, path));
  }

  Optional<Digest> inStore(Identity identity) {
    return identity
        .digest(rooms.catalog()::blobOf)
        .filter(named -> rooms.store().find(named) instanceof Lookup.Present);
  }

  private Optional<Source> leased(Digest digest) {
    BlobLease lease = rooms.store().lease(digest).orElse(null);
    if (lease == null) {
      return Optional.empty();
    }
    // Not the lease's own channel: a copy is no use. Who reads it hashes what he read.
    Path file = rooms.store().path(digest);
    try {
      return Optional.of(
          new Source(
              rooms.disk().openQuietly(file), lease.sizeBytes(), Optional.of(digest), file, lease));
    } catch (IOException e) {
      lease.close(); // Only what lies outside the store can have gone in spite of it.
      return ifGone(file, new ProvisionException.ArchiveIo("read " + file, e));
    }
  }

  private Optional<Source> adopted(Identity identity, Path file) {
    try {
      Digest digest = rooms.store().adopt(file, identity);
      if (identity instanceof GitBlobId id) {
        rooms.catalog().pinBlob(id, digest);
      }
      Optional<Source> leased = leased(digest);
      return leased.isPresent() ? leased : Optional.of(plain(file));
    } catch (StoreException.StoreIo e) {
      return ifGone(file, e);
    } catch (IOException e) { // Of a store that cannot be written.
      return ifGone(file, new ProvisionException.ArchiveIo("read " + file, e));
    }
  }

  /** A file that is here and could not be opened, as it is left out. */
  static LeftOut unreadable(LarderException failure) {
    return new LeftOut("", failure.explanation().replaceAll("\\.$", ""));
  }

  /** Its owner may remove it at any time. */
  private Optional<Source> ifGone(Path file, LarderException failure) {
    try {
      if (rooms.disk().stat(file).isEmpty()) {
        return Optional.empty();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }

  /** A store that cannot be written gives no leases. */
  private Source plain(Path file) throws IOException {
    ReadableFile bytes = rooms.disk().openQuietly(file);
    return new Source(bytes, bytes.size(), Optional.empty(), file, null);
  }
}
