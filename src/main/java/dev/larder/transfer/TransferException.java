package dev.larder.transfer;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A flight did not bring what it was for. Failures of the upstream and of the store pass through as
 * what they are.
 */
public abstract sealed class TransferException extends LarderException {
  private static final long serialVersionUID = 1L;

  private TransferException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(code, retry, message, cause);
  }

  /** What arrived is not what the upstream said it would be; the bytes are in quarantine. */
  public static final class ContentMismatch extends TransferException {
    private static final long serialVersionUID = 1L;

    public ContentMismatch(String message, @Nullable Throwable cause) {
      super("content-mismatch", Retry.after(Duration.ofSeconds(1)), message, cause);
    }
  }

  /** This object failed so recently that it is not tried again yet. */
  public static final class CoolingDown extends TransferException {
    private static final long serialVersionUID = 1L;

    public CoolingDown(String message, Duration delay) {
      super("cooling-down", Retry.after(delay), message, null);
    }
  }

  /** Larder is shutting down; what has landed is kept. */
  public static final class Interrupted extends TransferException {
    private static final long serialVersionUID = 1L;

    public Interrupted(String message) {
      super("interrupted", Retry.after(Duration.ofSeconds(1)), message, null);
    }
  }

  /** A fault of Larder itself, or of what it runs on; what has landed is dropped. */
  public static final class Broken extends TransferException {
    private static final long serialVersionUID = 1L;

    public Broken(String message, Throwable cause) {
      super("unexpected", Retry.never(), message, cause);
    }
  }
}
