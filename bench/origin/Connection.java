import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One client: HTTP/1.1 requests one after another until either side closes. */
final class Connection implements Runnable {
  /** A request head. */
  record Ask(String method, String target, Map<String, String> headers, byte[] body) {
    boolean isHead() {
      return method.equals("HEAD");
    }
  }

  private final SocketChannel client;
  private final Routes routes;

  Connection(SocketChannel client, Routes routes) {
    this.client = client;
    this.routes = routes;
  }

  @Override
  public void run() {
    try (client) {
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      InputStream in = new BufferedInputStream(Channels.newInputStream(client), 8192);
      for (Ask ask = read(in); ask != null; ask = read(in)) {
        routes.answer(ask, this);
        if ("close".equalsIgnoreCase(ask.headers().get("connection"))) {
          return;
        }
      }
    } catch (IOException e) {
      // The client went away, or the origin was told to cut it.
    }
  }

  void document(int status, String type, byte[] body, boolean head, String... headers)
      throws IOException {
    StringBuilder text = head(status, body.length);
    text.append("Content-Type: ").append(type).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    text.append("\r\n");
    byte[] start = text.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(start.length + body.length).put(start);
    write(head ? all.flip() : all.put(body).flip());
  }

  void file(Objects.Item item, long from, long to, boolean partial, Ask ask, Control control)
      throws IOException {
    Control.Count count = control.count(item.name());
    boolean before = !count.cut;
    StringBuilder text = head(partial ? 206 : 200, to - from);
    text.append("ETag: \"").append(item.id()).append("\"\r\nAccept-Ranges: bytes\r\n");
    text.append("Content-Type: application/octet-stream\r\nCache-Control: max-age=86400\r\n");
    text.append("Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-Repo-Commit: ");
    text.append(Routes.COMMIT).append("\r\n");
    if (partial) {
      text.append("Content-Range: bytes %d-%d/%d\r\n".formatted(from, to - 1, item.size()));
    }
    write(ByteBuffer.wrap(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII)));
    (ask.isHead() ? count.heads : count.gets).incrementAndGet();
    long start = System.nanoTime();
    for (long at = from; at < to && !ask.isHead(); ) {
      if (control.cuts(item.name(), item.size(), count, before)) {
        throw new IOException("cut, as told");
      }
      long step = Math.min(control.step(), to - at);
      long sent = send(item, at, step);
      count.bytes.addAndGet(sent);
      at += sent;
      control.pace(start, at - from, sent);
    }
  }

  private long send(Objects.Item item, long at, long length) throws IOException {
    if (at < Objects.PREFIX) {
      int here = (int) Math.min(length, Objects.PREFIX - at);
      write(ByteBuffer.wrap(item.prefix(), (int) at, here));
      return here;
    }
    return item.file().transferTo(at, length, client);
  }

  private static StringBuilder head(int status, long length) {
    return new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Length: " + length + "\r\n");
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  private static Ask read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String[] parts = first.split(" ");
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Ask(parts[0], parts[1], headers, in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }
}
