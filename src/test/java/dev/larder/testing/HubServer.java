package dev.larder.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One listening address with a thread per connection. Can go away and come back. */
final class HubServer implements AutoCloseable {
  /** Answers one request upon its socket; false ends the connection. */
  interface Handler {
    boolean answer(HubRequest request, Socket socket) throws IOException, InterruptedException;
  }

  private final HubRequest.Server name;
  private final InetAddress address;
  private final Handler handler;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;
  private Thread acceptor = Thread.currentThread();

  /** Bound and not listening while the hub is away, so that no other server gets the port. */
  private Socket placeholder = new Socket();

  HubServer(HubRequest.Server name, String address, Handler handler) throws IOException {
    this.name = name;
    this.address = InetAddress.ofLiteral(address);
    this.handler = handler;
    this.listener = listen(0);
  }

  int port() {
    return listener.getLocalPort();
  }

  String base() {
    return "http://" + address.getHostAddress() + ":" + port();
  }

  private ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(address, port), 256);
    acceptor = Thread.ofPlatform().daemon().name("fake-" + name).start(() -> accept(socket));
    return socket;
  }

  private void accept(ServerSocket socket) {
    try {
      while (true) {
        Socket connection = socket.accept();
        connections.add(connection);
        // Not virtual: a crowd of clients in the same process would make them wait for its turns.
        Thread.ofPlatform().daemon().start(() -> serve(connection));
      }
    } catch (IOException _) {
      // Closed: the hub went away.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      HubRequest request = read(in);
      while (request != null && handler.answer(request, socket)) {
        request = read(in);
      }
    } catch (IOException _) {
      // The client left, or the hub went away: both are part of the play.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }

  private @Nullable HubRequest read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    String[] parts = first.split(" ");
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        return null; // It speaks something else, as TLS.
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new HubRequest(name, parts[0], parts[1], Map.copyOf(headers), in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** Connections are refused from now on and open ones break. */
  synchronized void away() {
    close();
    try {
      acceptor.join(); // The port is free only when nobody waits on it any more.
      Socket place = new Socket();
      place.setReuseAddress(true);
      place.bind(new InetSocketAddress(address, port()));
      placeholder = place;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void back() {
    if (listener.isClosed()) {
      try {
        placeholder.close();
        listener = listen(listener.getLocalPort());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      placeholder.close();
      listener.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
