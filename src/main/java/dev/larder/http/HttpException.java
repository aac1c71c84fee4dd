package dev.larder.http;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the door could not do, or would not do for this request. */
public abstract sealed class HttpException extends LarderException
    permits HttpException.Refusal, HttpException.Start, ClientGone {
  private static final long serialVersionUID = 1L;

  HttpException(String code, String message, @Nullable Throwable cause) {
    this(code, Retry.never(), message, cause);
  }

  private HttpException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(code, retry, message, cause);
  }

  /** The server could not begin to listen. */
  public abstract static sealed class Start extends HttpException {
    private Start(String code, String message, @Nullable Throwable cause) {
      super(code, message, cause);
    }
  }

  /** Somebody else listens there. */
  public static final class PortInUse extends Start {
    public PortInUse(String host, int port, @Nullable Throwable cause) {
      super(
          "port-in-use",
          "Tried to listen on %s:%d but another process already does; stop it, or choose another port with --port or LARDER_PORT (0 = any free one)."
              .formatted(host, port),
          cause);
    }
  }

  /** The address cannot be listened on: no such address here, or not allowed. */
  public static final class CannotListen extends Start {
    public CannotListen(String host, int port, Throwable cause) {
      super(
          "cannot-listen",
          "Tried to listen on %s:%d but the system refused (%s); set --host or LARDER_HOST to an address of this machine and --port to one that you may use."
              .formatted(host, port, cause.getMessage()),
          cause);
    }
  }

  /** The system lets this process open too few files and sockets. */
  public static final class TooFewDescriptors extends Start {
    public TooFewDescriptors(int limit, int least) {
      super(
          "too-few-descriptors",
          "Tried to start, but this process may open only %d files and sockets and needs %d at least; raise the limit (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of a container)."
              .formatted(limit, least),
          null);
    }
  }

  /** A request that is answered with an error whatever it asks for. */
  public abstract static sealed class Refusal extends HttpException {
    private Refusal(String code, String message) {
      super(code, message, null);
    }

    private Refusal(String code, Retry retry, String message) {
      super(code, retry, message, null);
    }
  }

  /** The request is not HTTP, or contradicts itself. */
  public static final class BadRequest extends Refusal {
    public BadRequest(String message) {
      super("bad-request", message);
    }
  }

  /** The caller may not do that; status 403. */
  public static final class NotAllowed extends Refusal {
    public NotAllowed(String message) {
      super("not-allowed", message);
    }
  }

  /** The request's body is longer than allowed. */
  public static final class BodyTooLarge extends Refusal {
    public BodyTooLarge(int limitBytes) {
      super(
          "body-too-large",
          "The request's body is longer than the "
              + limitBytes
              + " bytes that are read; send a shorter one.");
    }
  }

  /** The request's body did not arrive in time. */
  public static final class BodyTooSlow extends Refusal {
    public BodyTooSlow(long seconds) {
      super(
          "body-too-slow",
          "The request's body did not arrive within " + seconds + " s; send it faster.");
    }
  }

  /** The server has as many clients, or requests at work, as it has room for. */
  public static final class Overloaded extends Refusal {
    private static final Duration LATER = Duration.ofSeconds(2);

    public Overloaded() {
      super(
          "overloaded",
          Retry.after(LATER),
          "Larder has as many requests in work as it has room for; ask again in a moment.");
    }
  }

  /** The server was asked under a name that is not its own. */
  public static final class Misdirected extends Refusal {
    public Misdirected(String host) {
      super(
          "misdirected",
          "This server does not answer under the name '%s'; use its address, or add the name to LARDER_HOSTS ('*' allows any)."
              .formatted(host));
    }
  }

  /** No endpoint has this path. */
  public static final class NoSuchPath extends Refusal {
    public NoSuchPath(String message) {
      super("no-such-path", message);
    }
  }

  /** The path is there, but not for this method; {@code allowed}: as {@code Allow} lists them. */
  public static final class WrongMethod extends Refusal {
    private final String allowed;

    public WrongMethod(String method, String allowed) {
      super(
          "wrong-method",
          "This path does not take %s; it takes %s.".formatted(Printable.of(method), allowed));
      this.allowed = allowed;
    }

    public String allowed() {
      return allowed;
    }
  }

  /** A defect of ours; the log says more under the id. */
  public static final class Unexpected extends Refusal {
    public Unexpected(String requestId) {
      super(
          "unexpected",
          "Larder failed in a way it did not foresee; its log has the details under request "
              + requestId
              + ".");
    }
  }
}
