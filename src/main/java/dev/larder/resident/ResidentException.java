package dev.larder.resident;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model could not be had. Nothing of the attempt is kept, so the next acquire tries anew; {@link
 * #retryable} says whether that can help without anybody changing something.
 */
public abstract sealed class ResidentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final boolean retryable;

  private ResidentException(
      String code, boolean retryable, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryable = retryable;
  }

  /** Name of this kind of failure, in kebab-case; it never changes. */
  public final String code() {
    return code;
  }

  /** Whether the same request may succeed later. */
  public final boolean retryable() {
    return retryable;
  }

  /** The estimate is above the whole budget. */
  public static final class TooBig extends ResidentException {
    private static final long serialVersionUID = 1L;

    private final long estimateBytes;
    private final long budgetBytes;

    TooBig(String message, long estimateBytes, long budgetBytes) {
      super("model-too-big", false, message, null);
      this.estimateBytes = estimateBytes;
      this.budgetBytes = budgetBytes;
    }

    public long estimateBytes() {
      return estimateBytes;
    }

    public long budgetBytes() {
      return budgetBytes;
    }
  }

  /** There is no room, and none came in time: others use what is there. */
  public static final class NoRoom extends ResidentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Holding> holdings;

    NoRoom(String message, List<Holding> holdings) {
      super("model-memory-full", true, message, null);
      this.holdings = List.copyOf(holdings);
    }

    /** Who holds what. */
    public List<Holding> holdings() {
      return holdings;
    }
  }

  /** So many wait already that this one may not. */
  public static final class QueueFull extends ResidentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Holding> holdings;

    QueueFull(String message, List<Holding> holdings) {
      super("model-queue-full", true, message, null);
      this.holdings = List.copyOf(holdings);
    }

    /** Who holds what. */
    public List<Holding> holdings() {
      return holdings;
    }
  }

  /** The load takes longer than the caller would wait. It goes on. */
  public static final class StillLoading extends ResidentException {
    private static final long serialVersionUID = 1L;

    StillLoading(String message) {
      super("model-still-loading", true, message, null);
    }
  }

  /** The loader threw what is the cause, or answered nothing. */
  public static final class LoadFailed extends ResidentException {
    private static final long serialVersionUID = 1L;

    LoadFailed(String message, Throwable cause) {
      super("model-load-failed", true, message, cause);
    }
  }

  /** The waiting thread was interrupted; its interrupt flag is set. */
  public static final class Interrupted extends ResidentException {
    private static final long serialVersionUID = 1L;

    Interrupted(String message, InterruptedException cause) {
      super("model-wait-interrupted", true, message, cause);
    }
  }

  /** The whole was closed. */
  public static final class Closed extends ResidentException {
    private static final long serialVersionUID = 1L;

    Closed(String message) {
      super("models-closed", false, message, null);
    }
  }
}
