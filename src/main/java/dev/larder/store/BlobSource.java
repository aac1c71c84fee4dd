package dev.larder.store;

import dev.larder.content.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Where the bytes of blobs lie: in the store's own files, or in somebody else's. */
sealed interface BlobSource permits Shelf, Borrowed {
  Optional<PublishedBlob> find(Digest digest);

  /** Where the blob lies that {@link #find} answers. */
  Path path(Digest digest);

  /** Whether it may be given out as it is. One {@code stat}. */
  boolean isTrusted(PublishedBlob blob) throws IOException;

  /** The channel of a blob that the caller holds. */
  FileChannel channel(PublishedBlob blob) throws IOException;

  /**
   * Whether the blob may still be served, by its fingerprint and, when that changed or the blob is
   * in doubt, by its hash. Answers the entry to go on with; empty when the blob had to go.
   */
  Optional<PublishedBlob> recheck(Digest digest) throws IOException;
}
