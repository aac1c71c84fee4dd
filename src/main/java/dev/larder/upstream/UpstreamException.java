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

  /** No connection, no answer in time, or the answer broke off. */
  public static final class UpstreamUnreachable extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final boolean timeout;

    public UpstreamUnreachable(String message, boolean timeout, @Nullable Throwable cause) {
      super(
          timeout ? "upstream-timeout" : "upstream-unreachable",
          Retry.after(Duration.ofSeconds(1)),
          message,
          cause);
      this.timeout = timeout;
    }

    /** Whether it was silence rather than a refusal. */
    public boolean timeout() {
      return timeout;
    }
  }

  /** It answered 408, 429 or 5xx. */
  public static final class UpstreamBusy extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public UpstreamBusy(String message, int status, Duration delay) {
      super(
          status == 429 ? "upstream-throttles" : "upstream-busy",
          Retry.after(delay),
          message,
          null);
      this.status = status;
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
