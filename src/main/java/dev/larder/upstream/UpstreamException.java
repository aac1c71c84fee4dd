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

  private UpstreamException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** No connection, no answer in time, or the answer broke off. */
  public static final class UpstreamUnreachable extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final boolean timeout;

    public UpstreamUnreachable(String message, boolean timeout, @Nullable Throwable cause) {
      super(message, cause);
      this.timeout = timeout;
    }

    /** Whether it was silence rather than a refusal. */
    public boolean timeout() {
      return timeout;
    }

    @Override
    public String code() {
      return timeout ? "upstream-timeout" : "upstream-unreachable";
    }

    @Override
    public Retry retry() {
      return Retry.after(Duration.ofSeconds(1));
    }
  }

  /** It answered 408, 429 or 5xx. */
  public static final class UpstreamBusy extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final Duration delay;

    public UpstreamBusy(String message, int status, Duration delay) {
      super(message, null);
      this.status = status;
      this.delay = delay;
    }

    /** What the upstream answered. */
    public int status() {
      return status;
    }

    @Override
    public String code() {
      return status == 429 ? "upstream-throttles" : "upstream-busy";
    }

    @Override
    public Retry retry() {
      return Retry.after(delay);
    }
  }

  /** It refused the bytes themselves: 401, 403, 404, 410 where a body was expected. */
  public static final class UpstreamRefused extends UpstreamException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public UpstreamRefused(String message, int status) {
      super(message, null);
      this.status = status;
    }

    public int status() {
      return status;
    }

    @Override
    public String code() {
      return "upstream-refused";
    }

    @Override
    public Retry retry() {
      return Retry.after(Duration.ofSeconds(1));
    }
  }

  /** Its answer cannot be right: a wrong range, a changed length, a header that is none. */
  public static final class UpstreamLied extends UpstreamException {
    private static final long serialVersionUID = 1L;

    public UpstreamLied(String message) {
      super(message, null);
    }

    @Override
    public String code() {
      return "upstream-lied";
    }

    @Override
    public Retry retry() {
      return Retry.after(Duration.ofSeconds(1));
    }
  }

  /** The address is not one that may be asked. */
  public static final class EgressDenied extends UpstreamException {
    private static final long serialVersionUID = 1L;

    public EgressDenied(String message) {
      super(message, null);
    }

    @Override
    public String code() {
      return "egress-denied";
    }

    @Override
    public Retry retry() {
      return Retry.never();
    }
  }
}
