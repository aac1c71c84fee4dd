package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Passes HTTP/1.1 between clients and a server on, byte for byte, and keeps the head of every
 * request with that of its answer.
 */
final class Wiretap implements AutoCloseable {
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final List<Hold> holds = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket door;
  private final URI server;

  private Wiretap(ServerSocket door, URI server) {
    this.door = door;
    this.server = server;
  }

  /** Names of headers are in lower case; one that comes twice has both values. */
  record Exchange(
      String method,
      String target,
      Map<String, String> asked,
      int status,
      Map<String, String> said) {
    Optional<String> asked(String name) {
      return Optional.ofNullable(asked.get(name));
    }

    Optional<String> said(String name) {
      return Optional.ofNullable(said.get(name));
    }
  }

  /** A point which answers do not pass before it is released. */
  static final class Hold {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicLong left;

    private Hold(long bytes) {
      left = new AtomicLong(bytes);
    }

    void awaitReached() throws InterruptedException {
      assertThat(reached.await(60, TimeUnit.SECONDS)).as("enough bytes within a minute").isTrue();
    }

    void release() {
      released.countDown();
    }

    private void pass(int bytes) throws IOException {
      if (left.addAndGet(-bytes) >= 0) {
        return;
      }
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IOException("ended while held", e);
      }
    }
  }

  static Wiretap before(LarderProcess larder) throws IOException {
    ServerSocket door = new ServerSocket(0, 0, InetAddress.getByName("127.0.0.1"));
    Wiretap tap = new Wiretap(door, larder.address());
    Thread.ofVirtual().start(tap::accept);
    return tap;
  }

  /** Lets so many bytes through to clients, on all connections together, then none. */
  Hold holdAfter(long bytes) {
    Hold hold = new Hold(bytes);
    holds.add(hold);
    return hold;
  }

  /** What {@code HF_ENDPOINT} is set to. */
  String endpoint() {
    return "http://127.0.0.1:" + door.getLocalPort() + "/hf";
  }

  List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  List<Exchange> exchanges(Predicate<Exchange> which) {
    return exchanges.stream().filter(which).toList();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = door.accept();
        Thread.ofVirtual().start(() -> relay(client));
      } catch (IOException _) {
        return; // The door was closed.
      }
    }
  }

  private void relay(Socket client) {
    try (client;
        Socket larder = new Socket(server.getHost(), server.getPort())) {
      open.add(client);
      open.add(larder);
      InputStream asks = new BufferedInputStream(client.getInputStream(), 1 << 16);
      InputStream answers = new BufferedInputStream(larder.getInputStream(), 1 << 16);
      OutputStream toClient = new HeldStream(client.getOutputStream());
      while (exchange(asks, larder.getOutputStream(), answers, toClient)) {
        // The next one on the same connection.
      }
    } catch (IOException _) {
      // One side is gone: closing both passes that on.
    }
  }

  private boolean exchange(
      InputStream asks, OutputStream toServer, InputStream answers, OutputStream toClient)
      throws IOException {
    @Nullable Head request = Head.read(asks);
    if (request == null) {
      return false;
    }
    request.send(toServer);
    body(asks, toServer, request.headers(), false);
    @Nullable Head answer = Head.read(answers);
    if (answer == null) {
      return false;
    }
    String[] words = request.first().split(" ", -1);
    int status = Integer.parseInt(answer.first().split(" ", -1)[1]);
    exchanges.add(new Exchange(words[0], words[1], request.headers(), status, answer.headers()));
    answer.send(toClient);
    if (!words[0].equals("HEAD") && status != 204 && status != 304) {
      body(answers, toClient, answer.headers(), true);
    }
    return true;
  }

  private static void body(
      InputStream from, OutputStream to, Map<String, String> headers, boolean untilEnd)
      throws IOException {
    if (headers.containsKey("content-length")) {
      copy(from, to, Long.parseLong(headers.getOrDefault("content-length", "0")));
    } else if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
      long size;
      do {
        String line = line(from, to);
        size = Long.parseLong(line.strip(), 16);
        copy(from, to, size);
        line(from, to);
      } while (size > 0);
    } else if (untilEnd) {
      from.transferTo(to);
      throw new EOFException("the end of the connection is that of the body");
    }
    to.flush();
  }

  private static void copy(InputStream from, OutputStream to, long length) throws IOException {
    byte[] block = new byte[1 << 16];
    for (long left = length; left > 0; ) {
      int n = from.read(block, 0, (int) Math.min(block.length, left));
      if (n < 0) {
        throw new EOFException("cut off with " + left + " bytes to come");
      }
      to.write(block, 0, n);
      left -= n;
    }
  }

  private static String line(InputStream from, OutputStream to) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = from.read(); b >= 0; b = from.read()) {
      line.write(b);
      if (b == '\n') {
        line.writeTo(to);
        return line.toString(StandardCharsets.ISO_8859_1);
      }
    }
    throw new EOFException("cut off within a line");
  }

  private final class HeldStream extends FilterOutputStream {
    HeldStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (Hold hold : holds) {
        hold.pass(length);
      }
      out.write(bytes, from, length);
    }
  }

  /** A first line and headers, as they came and as they are looked at. */
  private record Head(byte[] bytes, String first, Map<String, String> headers) {
    static @Nullable Head read(InputStream from) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      from.mark(1);
      if (from.read() < 0) {
        return null;
      }
      from.reset();
      String first = line(from, bytes).strip();
      Map<String, String> headers = new HashMap<>();
      for (String line = line(from, bytes); !line.isBlank(); line = line(from, bytes)) {
        int colon = line.indexOf(':');
        headers.merge(
            line.substring(0, colon).toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip(),
            (one, other) -> one + ", " + other);
      }
      return new Head(bytes.toByteArray(), first, headers);
    }

    void send(OutputStream to) throws IOException {
      to.write(bytes);
      to.flush();
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    holds.forEach(Hold::release);
    for (Socket socket : open) {
      socket.close();
    }
  }
}
