package dev.larder.upstream;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An upstream could not be asked, or did not give a usable answer. Refusals that it means are
 * values, not exceptions.
 */
public abstract sealed class UpstreamException extends LarderException {
  private static final long serialVersionUID = 1L;

  private UpstreamException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(code, retry, message, cause);
  }

  /**
   * Whether nobody was there at all: no connection came about with the upstream itself. Any other
   * failure may be of one question alone.
   */
  public boolean originAway() {
    return false;
  }

  /** The same failure with more to say, where trying another way may help. */
  public static UpstreamException saying(UpstreamException failure, String more) {
    String text = failure.explanation() + more;
    return switch (failure) {
      case UpstreamUnreachable it ->
          new UpstreamUnreachable(text, it.timeout(), it, it.originAway());
      case UpstreamBusy it -> new UpstreamBusy(text, it.status(), RetryAfter.delay(it), it.left());
      case UpstreamUntrusted it -> new UpstreamUntrusted(text, it, it.originAway());
      case UpstreamRefused _, UpstreamLied _, EgressDenied _ -> failure;
    };
  }

  /** No connection, no answer in time, or the answer broke off. */
  public static final class UpstreamUnreachable extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final boolean timeout;
    private final boolean away;

    public UpstreamUnreachable(String message, boolean timeout, @Nullable Throwable cause) {
      this(message, timeout, cause, false);
    }

    UpstreamUnreachable(
        String message, boolean timeout, @Nullable Throwable cause, boolean originAway) {
      super(
          timeout ? "upstream-timeout" : "upstream-unreachable",
          Retry.after(Duration.ofSeconds(1)),
          message,
          cause);
      this.timeout = timeout;
      this.away = originAway;
    }

    @Override
    public boolean originAway() {
      return away;
    }

    /** It was met on the way to somewhere else. */
    UpstreamUnreachable elsewhere() {
      return new UpstreamUnreachable(explanation(), timeout, getCause());
    }

    /** Whether it was silence rather than a refusal. */
    public boolean timeout() {
      return timeout;
    }
  }

  /** It could not prove who it is. Asking again finds the same one, so nobody does at once. */
  public static final class UpstreamUntrusted extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final boolean away;

    public UpstreamUntrusted(String message, @Nullable Throwable cause) {
      this(message, cause, true);
    }

    UpstreamUntrusted(String message, @Nullable Throwable cause, boolean originAway) {
      super("upstream-untrusted", Retry.after(Duration.ofSeconds(1)), message, cause);
      this.away = originAway;
    }

    @Override
    public boolean originAway() {
      return away;
    }

    /** It was met on the way to somewhere else. */
    UpstreamUntrusted elsewhere() {
      return new UpstreamUntrusted(explanation(), getCause(), false);
    }
  }

  /** It answered 408, 429 or 5xx. */
  public static final class UpstreamBusy extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final Duration left;

    public UpstreamBusy(String message, int status, Duration delay) {
      this(message, status, delay, delay);
    }

    /** {@code left}: as the upstream said it, however long. */
    UpstreamBusy(String message, int status, Duration delay, Duration left) {
      super(
          status == 429 ? "upstream-throttles" : "upstream-busy",
          Retry.after(delay),
          message,
          null);
      this.status = status;
      this.left = left;
    }

    /** How long it wants to be left alone; nothing when it did not say. */
    public Duration left() {
      return left;
    }

    /** What the upstream answered. */
    public int status() {
      return status;
    }
  }

  /** It refused the bytes themselves: 401, 403, 404, 410 where a body was expected. */
  public static final class UpstreamRefused extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public UpstreamRefused(String message, int status) {
      super("upstream-refused", Retry.after(Duration.ofSeconds(1)), message, null);
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  /** Its answer cannot be right: a wrong range, a changed length, a header that is none. */
  public static final class UpstreamLied extends UpstreamException {
    private static final long serialVersionUID = 1L;

    public UpstreamLied(String message) {
      super("upstream-lied", Retry.after(Duration.ofSeconds(1)), message, null);
    }
  }

  /** The address is not one that may be asked. */
  public static final class EgressDenied extends UpstreamException {
    private static final long serialVersionUID = 1L;

    public EgressDenied(String message) {
      super("egress-denied", Retry.never(), message, null);
    }
  }
}
