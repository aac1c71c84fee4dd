package dev.larder.mirror;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;

/**
 * What the mirror could not answer. Failures of upstream, transfer and store pass through as what
 * they are.
 */
public abstract sealed class MirrorException extends LarderException {
  private static final long serialVersionUID = 1L;

  private MirrorException(String message) {
    super(message);
  }

  /** Not cached, and upstream must not be asked. */
  public static final class OfflineMiss extends MirrorException {
    private static final long serialVersionUID = 1L;

    public OfflineMiss(String message) {
      super(message);
    }

    @Override
    public String code() {
      return "offline-miss";
    }

    @Override
    public Retry retry() {
      return Retry.never();
    }
  }

  /** The hub says that there is no such repo, revision or file. */
  public static final class NotThere extends MirrorException {
    private static final long serialVersionUID = 1L;

    public NotThere(String message) {
      super(message);
    }

    @Override
    public String code() {
      return "not-found";
    }

    @Override
    public Retry retry() {
      return Retry.never();
    }
  }

  /** The hub says that this caller may not have it. */
  public static final class NotAllowed extends MirrorException {
    private static final long serialVersionUID = 1L;

    public NotAllowed(String message) {
      super(message);
    }

    @Override
    public String code() {
      return "not-allowed";
    }

    @Override
    public Retry retry() {
      return Retry.never();
    }
  }
}
