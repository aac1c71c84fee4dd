package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * The rows that say which blobs are durable: the store's need of a catalog, kept small. A row is
 * written after the blob's name is durable and marked before the name goes, so a row that says
 * {@link State#READY} never lies.
 */
public interface BlobLedger {
  /** Whether a blob may be used. */
  enum State {
    READY,
    DELETING
  }

  /** One row: the blob and the file as it was when it was last known to be sound. */
  record BlobRow(Digest digest, FileStat.Fingerprint fingerprint, State state) {}

  Collection<BlobRow> rows();

  /** Every row, one after the other: there may be a million. Nothing is written meanwhile. */
  default void each(Consumer<BlobRow> reader) {
    rows().forEach(reader);
  }

  /** Writes or replaces a row. Durable when it returns. */
  void put(BlobRow row);

  /** Removes a row. */
  void forget(Digest digest);

  /** The same for a blob that nobody removed: its file is gone, or was quarantined. */
  default void lost(Digest digest) {
    forget(digest);
  }

  /** The same for many. */
  default void allLost(Collection<Digest> digests) {
    digests.forEach(this::lost);
  }
}
