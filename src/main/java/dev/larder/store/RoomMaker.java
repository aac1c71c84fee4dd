package dev.larder.store;

import java.time.Duration;
import java.util.Optional;

/**
 * Makes room where a reservation found none, by removing blobs. Who may go is not the store's to
 * know: it asks, holding no lock. Safe for concurrent use.
 */
public interface RoomMaker {
  /** Removes nothing. */
  RoomMaker NOBODY =
      new RoomMaker() {
        @Override
        public Optional<String> makeRoom(Need need, Duration within) {
          return Optional.of("");
        }

        @Override
        public void grew() {}
      };

  /**
   * Blocks until there is room for {@code need}, or none can be made, or {@code within} is over.
   * Empty: another try is worth it. Else why there is none, as a sentence of who holds the space,
   * or an empty one.
   */
  Optional<String> makeRoom(Need need, Duration within);

  /** A blob was published. Returns at once. */
  void grew();

  /**
   * What needs room. {@code insists}: the store's owner wants it, and may have others' blobs go for
   * it however large it is. {@code diskFull}: the limits would allow it, but the file system has no
   * room for it, or for another name.
   */
  record Need(String what, long sizeBytes, boolean insists, boolean diskFull) {}
}
