package dev.larder.mirror;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;

/**
 * What the mirror could not answer. Failures of upstream, transfer and store pass through as what
 * they are.
 */
public abstract sealed class MirrorException extends LarderException {
  private static final long serialVersionUID = 1L;
  private static final Duration HASHING = Duration.ofSeconds(5);

  private MirrorException(String code, Retry retry, String message) {
    super(code, retry, message, null);
  }

  /** What another program put into the cache directory is verified, and that takes its time. */
  public static final class StillHashing extends MirrorException {
    public StillHashing(String message) {
      super("still-hashing", Retry.after(HASHING), message);
    }
  }

  /** Not cached, and upstream must not be asked. */
  public static final class OfflineMiss extends MirrorException {
    public OfflineMiss(String message) {
      super("offline-miss", Retry.never(), message);
    }
  }

  /** The hub says that there is no such repo, revision or file. */
  public static final class NotThere extends MirrorException {
    public NotThere(String message) {
      super("not-found", Retry.never(), message);
    }
  }

  /** The hub says that this caller may not have it. */
  public static final class NotAllowed extends MirrorException {
    public NotAllowed(String message) {
      super("not-allowed", Retry.never(), message);
    }
  }
}
