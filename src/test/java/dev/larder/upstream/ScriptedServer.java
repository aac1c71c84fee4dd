package dev.larder.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each request with the next script, byte for byte. */
final class ScriptedServer implements AutoCloseable {
  /** Writes an answer; false closes the connection after it. */
  interface Script {
    boolean play(Socket socket) throws IOException, InterruptedException;
  }

  final AtomicInteger connections = new AtomicInteger();
  final List<String> heads = new CopyOnWriteArrayList<>();
  private final Queue<Script> scripts = new ArrayDeque<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket listener;

  ScriptedServer(ServerSocket unbound) throws IOException {
    listener = unbound;
    listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    Thread.ofVirtual().start(this::accept);
  }

  static ScriptedServer start() {
    try {
      return new ScriptedServer(new ServerSocket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port() + "/thing");
  }

  ScriptedServer then(Script script) {
    synchronized (scripts) {
      scripts.add(script);
    }
    return this;
  }

  /** Sends this and keeps the connection. */
  ScriptedServer answer(String bytes) {
    return then(
        socket -> {
          socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
          return true;
        });
  }

  /** Sends this and closes the connection. */
  ScriptedServer lastWords(String bytes) {
    return then(
        socket -> {
          socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
          return false;
        });
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      while (readHead(socket.getInputStream())) {
        Script script;
        synchronized (scripts) {
          script = scripts.remove();
        }
        if (!script.play(socket)) {
          return;
        }
      }
    } catch (IOException _) {
      // The client left.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return false;
      }
      head.append((char) c);
    }
    heads.add(head.toString());
    return true;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
