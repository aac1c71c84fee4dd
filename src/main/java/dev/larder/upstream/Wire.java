package dev.larder.upstream;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A small blocking HTTP/1.1 client of one upstream and the hosts it redirects to. Redirects are not
 * followed and credentials are not known here. Connections are kept for the next request. Safe for
 * concurrent use; a request blocks its thread until the response's head is there.
 *
 * <p>Sockets are used directly because transfers are what Larder exists for: a body goes from the
 * socket into the reader's array without a stop on the way.
 */
public final class Wire implements AutoCloseable {
  private final EgressGuard guard;
  private final WireSettings settings;
  private final Throttle throttle;
  private final ConnectionPool pool;
  private final Watchdog watchdog;
  private final Dialer dialer;

  public Wire(EgressGuard guard, WireSettings settings, Throttle throttle) {
    this(
        guard,
        settings,
        throttle,
        NameLookup.SYSTEM,
        () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /**
   * With another way to find addresses, or other trusted certificates. {@code tls} is asked when it
   * is needed: reading a trust store takes time that a start does not have.
   */
  public Wire(
      EgressGuard guard,
      WireSettings settings,
      Throttle throttle,
      NameLookup names,
      Supplier<SSLSocketFactory> tls) {
    this.guard = guard;
    this.settings = settings;
    this.throttle = throttle;
    this.pool = new ConnectionPool(settings.idleTimeout());
    this.watchdog = new Watchdog();
    this.dialer = new Dialer(guard, names, tls, settings.connectTimeout(), watchdog);
  }

  public WireSettings settings() {
    return settings;
  }

  public EgressGuard guard() {
    return guard;
  }

  Throttle throttle() {
    return throttle;
  }

  ConnectionPool pool() {
    return pool;
  }

  /**
   * Sends {@code request} and reads the response's head, within {@code deadline} (and never longer
   * than one stall). Any status is a response. Throws {@link UpstreamException}.
   */
  public WireResponse send(WireRequest request, Deadline deadline) {
    Origin origin = guard.origin(request.address());
    try {
      Connection kept = pool.take(origin);
      if (kept != null) {
        WireResponse response = tryKept(kept, request, deadline);
        if (response != null) {
          return response;
        }
      }
      return exchange(dialer.connect(origin, deadline), request, deadline);
    } catch (IOException e) {
      throw WireFailure.asking(request.what(), origin, e);
    }
  }

  /** Null when the connection turns out to be dead, which is no news about the upstream. */
  private @Nullable WireResponse tryKept(Connection kept, WireRequest request, Deadline deadline)
      throws IOException {
    try {
      return exchange(kept, request, deadline);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (deadline.passed()) {
        throw e;
      }
      return null;
    }
  }

  private WireResponse exchange(Connection connection, WireRequest request, Deadline deadline)
      throws IOException {
    try {
      connection.patience(settings.stallTimeout(), deadline);
      watchdog.within(
          deadline.atMost(settings.stallTimeout()),
          connection::abort,
          () -> send(connection, request));
      HeadReader.Head head = HeadReader.read(connection);
      Framing framing = Framing.of(request.method(), head);
      connection.patience(settings.stallTimeout(), Deadline.NEVER);
      WireBody body = new WireBody(connection, framing, this, request, reusable(head));
      return new WireResponse(connection.origin(), head.status(), head.fields(), body);
    } catch (IOException | RuntimeException e) {
      connection.abort();
      throw e;
    }
  }

  private void send(Connection connection, WireRequest request) throws IOException {
    connection.send(head(request, connection.origin()));
    if (request.body() != null) {
      connection.send(request.body());
    }
  }

  private static boolean reusable(HeadReader.Head head) {
    String wish = head.fields().find("Connection").orElse("").toLowerCase(Locale.ROOT);
    return head.http11() ? !wish.contains("close") : wish.contains("keep-alive");
  }

  private byte[] head(WireRequest request, Origin origin) {
    StringBuilder head = new StringBuilder(512);
    head.append(request.method()).append(' ').append(target(request.address()));
    head.append(" HTTP/1.1\r\nHost: ").append(origin.hostHeader());
    head.append("\r\nUser-Agent: ").append(settings.userAgent());
    head.append("\r\nAccept-Encoding: identity\r\n");
    request
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (request.body() != null) {
      head.append("Content-Length: ").append(request.body().length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String target(URI address) {
    String path = address.getRawPath();
    String query = address.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  /** Drops the connections that are idle; running bodies go on. */
  @Override
  public void close() {
    pool.close();
    watchdog.close();
  }
}
