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

  private MirrorException(String message) {
    super(message);
  }

  /** One table: a code is a promise to scripts and pages, and never changes. */
  @Override
  public final String code() {
    return switch (this) {
      case OfflineMiss _ -> "offline-miss";
      case StillHashing _ -> "still-hashing";
      case NotThere _ -> "not-found";
      case NotAllowed _ -> "not-allowed";
    };
  }

  @Override
  public final Retry retry() {
    return switch (this) {
      case StillHashing _ -> Retry.after(HASHING);
      case OfflineMiss _, NotThere _, NotAllowed _ -> Retry.never();
    };
  }

  /** What another program put into the cache directory is verified, and that takes its time. */
  public static final class StillHashing extends MirrorException {
    public StillHashing(String message) {
      super(message);
    }
  }

  /** Not cached, and upstream must not be asked. */
  public static final class OfflineMiss extends MirrorException {
    public OfflineMiss(String message) {
      super(message);
    }
  }

  /** The hub says that there is no such repo, revision or file. */
  public static final class NotThere extends MirrorException {
    public NotThere(String message) {
      super(message);
    }
  }

  /** The hub says that this caller may not have it. */
  public static final class NotAllowed extends MirrorException {
    public NotAllowed(String message) {
      super(message);
    }
  }
}
