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

  /** One table: a code is a promise to scripts and pages, and never changes. */
  @Override
  public final String code() {
    return switch (this) {
      case PortInUse _ -> "port-in-use";
      case CannotListen _ -> "cannot-listen";
      case BadRequest _ -> "bad-request";
      case NotAllowed _ -> "not-allowed";
      case NoSuchPath _ -> "no-such-path";
      case BodyTooSlow _ -> "body-too-slow";
      case BodyTooLarge _ -> "body-too-large";
      case Misdirected _ -> "misdirected";
      case Unexpected _ -> "unexpected";
      case ClientGone _ -> "client-gone";
    };
  }

  @Override
  public Retry retry() {
    return Retry.never();
  }

  /** The server could not begin to listen. */
  public abstract static sealed class Start extends HttpException {
    private Start(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Somebody else listens there. */
  public static final class PortInUse extends Start {
    public PortInUse(String host, int port, @Nullable Throwable cause) {
      super(
          "Tried to listen on %s:%d but another process already does; stop it, or choose another port with --port or LARDER_PORT (0 = any free one)."
              .formatted(host, port),
          cause);
    }
  }

  /** The address cannot be listened on: no such address here, or not allowed. */
  public static final class CannotListen extends Start {
    public CannotListen(String host, int port, Throwable cause) {
      super(
          "Tried to listen on %s:%d but the system refused (%s); set --host or LARDER_HOST to an address of this machine and --port to one that you may use."
              .formatted(host, port, cause.getMessage()),
          cause);
    }
  }

  /** A request that is answered with an error whatever it asks for. */
  public abstract static sealed class Refusal extends HttpException {
    private Refusal(String message) {
      super(message, null);
    }
  }

  /** The request is not HTTP, or contradicts itself. */
  public static final class BadRequest extends Refusal {
    public BadRequest(String message) {
      super(message);
    }
  }

  /** The caller may not do that; status 403. */
  public static final class NotAllowed extends Refusal {
    public NotAllowed(String message) {
      super(message);
    }
  }

  /** The request's body is longer than allowed. */
  public static final class BodyTooLarge extends Refusal {
    public BodyTooLarge(int limitBytes) {
      super(
          "The request's body is longer than the "
              + limitBytes
              + " bytes that are read; send a shorter one.");
    }
  }

  /** The request's body did not arrive in time. */
  public static final class BodyTooSlow extends Refusal {
    public BodyTooSlow(long seconds) {
      super("The request's body did not arrive within " + seconds + " s; send it faster.");
    }
  }

  /** The server was asked under a name that is not its own. */
  public static final class Misdirected extends Refusal {
    public Misdirected(String host) {
      super(
          "This server does not answer under the name '%s'; use its address, or add the name to LARDER_HOSTS ('*' allows any)."
              .formatted(host));
    }
  }

  /** No endpoint has this path. */
  public static final class NoSuchPath extends Refusal {
    public NoSuchPath(String message) {
      super(message);
    }
  }

  /** A defect of ours; the log says more under the id. */
  public static final class Unexpected extends Refusal {
    public Unexpected(String requestId) {
      super(
          "Larder failed in a way it did not foresee; its log has the details under request "
              + requestId
              + ".");
    }
  }
}
