package dev.larder.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Speaks HTTP by hand, so that a test can say what no client would. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  public RawClient(InetSocketAddress address) throws IOException {
    this(address, Duration.ofSeconds(15), 0);
  }

  /** {@code receiveBytes}: how much the system takes in advance; 0 for what is usual. */
  public RawClient(InetSocketAddress address, Duration patience, int receiveBytes)
      throws IOException {
    socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(address, (int) patience.toMillis());
    socket.setSoTimeout((int) patience.toMillis());
    in = new BufferedInputStream(socket.getInputStream(), 4096);
  }

  /** An answer; header names in lower case. */
  public record Response(int status, Map<String, String> headers, byte[] body) {
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** One request on a connection of its own; {@code lines} are headers beside Host. */
  public static Response ask(
      InetSocketAddress address, String method, String target, String... lines) throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request(method, target, lines);
      return client.read(method.equals("HEAD"));
    }
  }

  public void request(String method, String target, String... lines) throws IOException {
    StringBuilder text =
        new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String line : lines) {
      text.append(line).append("\r\n");
    }
    send(text + "\r\n");
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  public Response read(boolean headOnly) throws IOException {
    Response head = readHead();
    if (headOnly || head.status() == 304 || head.status() == 204) {
      return head;
    }
    if (head.header("transfer-encoding").equals("chunked")) {
      return new Response(head.status(), head.headers(), readChunks());
    }
    byte[] body = in.readNBytes(Integer.parseInt(head.header("content-length")));
    if (body.length < Integer.parseInt(head.header("content-length"))) {
      throw new EOFException("the body ended after " + body.length + " bytes");
    }
    return new Response(head.status(), head.headers(), body);
  }

  public Response readHead() throws IOException {
    String[] lines = head().split("\r\n", -1);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip());
      }
    }
    return new Response(Integer.parseInt(lines[0].split(" ", 3)[1]), headers, new byte[0]);
  }

  private String head() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection ended in a head: " + bytes);
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private byte[] readChunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size; (size = Integer.parseInt(line(), 16)) > 0; line()) {
      body.writeBytes(in.readNBytes(size));
    }
    line();
    return body.toByteArray();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b; (b = in.read()) != '\n'; ) {
      if (b < 0) {
        throw new EOFException("the connection ended in a chunk's length");
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  public int readByte() throws IOException {
    return in.read();
  }

  public byte[] readBytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** At most as many as fit; -1 at the end. */
  public int readSome(byte[] into) throws IOException {
    return in.read(into);
  }

  /** Closes with a reset, as a process that dies. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads until the other end closes; a reset throws. */
  public byte[] readRest() throws IOException {
    return in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
