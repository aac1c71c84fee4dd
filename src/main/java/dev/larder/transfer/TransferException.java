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

  private TransferException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What arrived is not what the upstream said it would be; the bytes are in quarantine. */
  public static final class ContentMismatch extends TransferException {
    private static final long serialVersionUID = 1L;

    public ContentMismatch(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String code() {
      return "content-mismatch";
    }

    @Override
    public Retry retry() {
      return Retry.after(Duration.ofSeconds(1));
    }
  }

  /** This object failed so recently that it is not tried again yet. */
  public static final class CoolingDown extends TransferException {
    private static final long serialVersionUID = 1L;
    private final Duration delay;

    public CoolingDown(String message, Duration delay) {
      super(message, null);
      this.delay = delay;
    }

    @Override
    public String code() {
      return "cooling-down";
    }

    @Override
    public Retry retry() {
      return Retry.after(delay);
    }
  }

  /** Larder is shutting down; what has landed is kept. */
  public static final class Interrupted extends TransferException {
    private static final long serialVersionUID = 1L;

    public Interrupted(String message) {
      super(message, null);
    }

    @Override
    public String code() {
      return "interrupted";
    }

    @Override
    public Retry retry() {
      return Retry.after(Duration.ofSeconds(1));
    }
  }

  /** A fault of Larder itself, or of what it runs on; what has landed is dropped. */
  public static final class Broken extends TransferException {
    private static final long serialVersionUID = 1L;

    public Broken(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public String code() {
      return "unexpected";
    }

    @Override
    public Retry retry() {
      return Retry.never();
    }
  }
}
