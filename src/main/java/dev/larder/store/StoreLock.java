package dev.larder.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code <root>/larder/LOCK}: which process owns a store, and how to reach it. Held by {@code
 * flock(2)}, so a dead owner's lock is free at once. The file is 0600: only the same user can read
 * the secret.
 */
public interface StoreLock extends AutoCloseable {
  /** Tells other processes where this one answers; both are empty before that. */
  void announce(String address, String secret);

  @Override
  void close();

  /**
   * Who holds the lock. {@code address} is {@code http://host:port}, empty when it does not answer
   * requests.
   */
  record Owner(long pid, String address, String secret) {
    @Override
    public String toString() {
      return "process " + pid + (address.isEmpty() ? "" : " at " + address);
    }
  }

  /** What {@code LOCK} says: whether somebody holds it, and who held it last if it is legible. */
  record Holder(boolean held, Optional<Owner> owner) {
    public static final Holder NOBODY = new Holder(false, Optional.empty());
  }

  /** Looks and changes nothing, where {@link #attempt} would take the lock. */
  static Holder look(Path larder) throws IOException {
    return FlockStoreLock.look(larder);
  }

  /** The outcome of trying to own a store. */
  sealed interface Attempt {
    record Mine(StoreLock lock) implements Attempt {}

    record Theirs(Optional<Owner> owner) implements Attempt {}
  }

  /**
   * Tries once, without waiting. {@code larder} is {@code <root>/larder}, created when it is
   * missing. Throws {@link StoreException.StoreReadOnly} where this process may not write.
   */
  static Attempt attempt(Path larder) {
    return FlockStoreLock.attempt(larder);
  }
}
