package dev.larder.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Opens connections: looks the name up once, has every address judged, and connects to one of
 * exactly those addresses, so that a second look-up cannot lead elsewhere. TLS is told the name.
 */
final class Dialer {
  private final EgressGuard guard;
  private final NameLookup names;
  private final Supplier<SSLSocketFactory> tls;
  private final Duration connectTimeout;
  private final Watchdog watchdog;

  Dialer(
      EgressGuard guard,
      NameLookup names,
      Supplier<SSLSocketFactory> tls,
      Duration connectTimeout,
      Watchdog watchdog) {
    this.guard = guard;
    this.names = names;
    this.tls = tls;
    this.connectTimeout = connectTimeout;
    this.watchdog = watchdog;
  }

  Connection connect(Origin origin, Deadline deadline) throws IOException {
    List<InetAddress> addresses = lookUp(origin, deadline);
    guard.addresses(origin, addresses);
    IOException last = new UnknownHostException("the name has no address");
    for (int tried = 0; tried < addresses.size() && !deadline.passed(); tried++) {
      // A silent first address must not use up the time of the ones behind it.
      Duration share = deadline.remaining().dividedBy(addresses.size() - tried);
      try {
        return connect(origin, addresses.get(tried), deadline.atMost(share));
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  /** On a thread of its own: the system's resolver knows no timeout. */
  private List<InetAddress> lookUp(Origin origin, Deadline deadline) throws IOException {
    if (origin.literal()) {
      return List.of(InetAddress.ofLiteral(origin.host()));
    }
    FutureTask<List<InetAddress>> answer = new FutureTask<>(() -> names.addresses(origin.host()));
    Thread.ofVirtual().name("lookup").start(answer);
    try {
      return answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new ConnectTimeout(new IOException("looking the name up took too long"));
    } catch (ExecutionException e) {
      throw new UnknownHostException("the name could not be looked up");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking the name up");
    }
  }

  private Connection connect(Origin origin, InetAddress address, Deadline deadline)
      throws IOException {
    Duration wait = deadline.atMost(connectTimeout).remaining();
    Socket raw = new Socket();
    try {
      raw.setTcpNoDelay(true);
      raw.connect(
          new InetSocketAddress(address, origin.port()), (int) Math.max(1, wait.toMillis()));
      return new Connection(origin, raw, origin.secure() ? encrypted(origin, raw, deadline) : raw);
    } catch (SocketTimeoutException e) {
      raw.close();
      throw new ConnectTimeout(e);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private SSLSocket encrypted(Origin origin, Socket raw, Deadline deadline) throws IOException {
    SSLSocket socket = (SSLSocket) tls.get().createSocket(raw, origin.host(), origin.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    Deadline end = deadline.atMost(connectTimeout);
    watchdog.within(end, () -> closeQuietly(raw), socket::startHandshake);
    return socket;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // The handshake on it fails either way, which is what is wanted.
    }
  }
}
