package dev.larder.http;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import org.jspecify.annotations.Nullable;

/** What the door could not do, or would not do for this request. */
public abstract sealed class HttpException extends LarderException
    permits HttpException.Refusal, HttpException.Start, ClientGone {
  private static final long serialVersionUID = 1L;

  HttpException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public Retry retry() {
    return Retry.never();
  }

  /** The server could not begin to listen. */
  public abstract static sealed class Start extends HttpException {
    private static final long serialVersionUID = 1L;

    private Start(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Somebody else listens there. */
  public static final class PortInUse extends Start {
    private static final long serialVersionUID = 1L;

    public PortInUse(String host, int port, @Nullable Throwable cause) {
      super(
          "Tried to listen on %s:%d but another process already does; stop it, or choose another port with --port or LARDER_PORT (0 = any free one)."
              .formatted(host, port),
          cause);
    }

    @Override
    public String code() {
      return "port-in-use";
    }
  }

  /** The address cannot be listened on: no such address here, or not allowed. */
  public static final class CannotListen extends Start {
    private static final long serialVersionUID = 1L;

    public CannotListen(String host, int port, Throwable cause) {
      super(
          "Tried to listen on %s:%d but the system refused (%s); set --host or LARDER_HOST to an address of this machine and --port to one that you may use."
              .formatted(host, port, cause.getMessage()),
          cause);
    }

    @Override
    public String code() {
      return "cannot-listen";
    }
  }

  /** A request that is answered with an error whatever it asks for. */
  public abstract static sealed class Refusal extends HttpException {
    private static final long serialVersionUID = 1L;

    private Refusal(String message) {
      super(message, null);
    }
  }

  /** The request is not HTTP, or contradicts itself. */
  public static final class BadRequest extends Refusal {
    private static final long serialVersionUID = 1L;

    public BadRequest(String message) {
      super(message);
    }

    @Override
    public String code() {
      return "bad-request";
    }
  }

  /** The caller may not do that; status 403. */
  public static final class NotAllowed extends Refusal {
    private static final long serialVersionUID = 1L;

    public NotAllowed(String message) {
      super(message);
    }

    @Override
    public String code() {
      return "not-allowed";
    }
  }

  /** The request's body is longer than allowed. */
  public static final class BodyTooLarge extends Refusal {
    private static final long serialVersionUID = 1L;

    public BodyTooLarge(int limitBytes) {
      super(
          "The request's body is longer than the "
              + limitBytes
              + " bytes that are read; send a shorter one.");
    }

    @Override
    public String code() {
      return "body-too-large";
    }
  }

  /** The request's body did not arrive in time. */
  public static final class BodyTooSlow extends Refusal {
    private static final long serialVersionUID = 1L;

    public BodyTooSlow(long seconds) {
      super("The request's body did not arrive within " + seconds + " s; send it faster.");
    }

    @Override
    public String code() {
      return "body-too-slow";
    }
  }

  /** The server was asked under a name that is not its own. */
  public static final class Misdirected extends Refusal {
    private static final long serialVersionUID = 1L;

    public Misdirected(String host) {
      super(
          "This server does not answer under the name '%s'; use its address, or add the name to LARDER_HOSTS ('*' allows any)."
              .formatted(host));
    }

    @Override
    public String code() {
      return "misdirected";
    }
  }

  /** No endpoint has this path. */
  public static final class NoSuchPath extends Refusal {
    private static final long serialVersionUID = 1L;

    public NoSuchPath(String message) {
      super(message);
    }

    @Override
    public String code() {
      return "no-such-path";
    }
  }

  /** A defect of ours; the log says more under the id. */
  public static final class Unexpected extends Refusal {
    private static final long serialVersionUID = 1L;

    public Unexpected(String requestId) {
      super(
          "Larder failed in a way it did not foresee; its log has the details under request "
              + requestId
              + ".");
    }

    @Override
    public String code() {
      return "unexpected";
    }
  }
}
