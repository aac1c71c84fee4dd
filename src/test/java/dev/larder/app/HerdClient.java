package dev.larder.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One of a {@link Herd}: asks for the file, then for a part of it, and leaves. */
final class HerdClient implements ManySockets.Client {
  private static final int PART = 100_000;
  private static final String END = "\r\n\r\n";

  private final Herd herd;
  private final ManySockets sockets;
  private final String path;
  private final ByteBuffer expected;
  private final ByteBuffer received;
  private @Nullable SocketChannel channel;
  private StringBuilder head = new StringBuilder();
  private boolean inBody;
  private boolean wantsPart;
  private int at;
  private int end;

  /** {@code received} is for all: nothing stays in it. */
  HerdClient(
      Herd herd, ManySockets sockets, String path, ByteBuffer expected, ByteBuffer received) {
    this.herd = herd;
    this.sockets = sockets;
    this.path = path;
    this.expected = expected;
    this.received = received;
  }

  void open() throws IOException {
    channel = sockets.open(this, 0);
  }

  @Override
  public void connected() throws IOException {
    ask(0, expected.limit(), "");
    herd.asked();
  }

  private void ask(int from, int to, String line) throws IOException {
    at = from;
    end = to;
    inBody = false;
    head = new StringBuilder();
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + line + "\r\n";
    ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    if (channel().write(bytes) < request.length()) {
      throw new IOException("a short request does not fit into what the system takes");
    }
  }

  private SocketChannel channel() {
    if (channel == null) {
      throw new IllegalStateException("not opened");
    }
    return channel;
  }

  @Override
  public void readable() throws IOException {
    int count = channel().read(received.clear());
    if (count < 0) {
      throw new IOException(inBody ? "the answer ends early" : "there is no answer");
    }
    herd.got(count);
    received.flip();
    if (!inBody) {
      readHead();
    }
    if (inBody) {
      compare();
    }
  }

  private void readHead() throws IOException {
    while (received.hasRemaining() && !inBody) {
      head.append((char) received.get());
      inBody =
          head.length() >= END.length() && head.indexOf(END, head.length() - END.length()) >= 0;
    }
    if (!inBody) {
      return;
    }
    String text = head.toString();
    String status = wantsPart ? "206" : "200";
    if (!text.startsWith("HTTP/1.1 " + status + " ")) {
      throw new IOException("not " + status + " but " + text.substring(0, text.indexOf('\r')));
    }
    if (!text.toLowerCase(java.util.Locale.ROOT).contains("content-length: " + (end - at))) {
      throw new IOException("the answer has another length");
    }
    head = new StringBuilder();
  }

  private void compare() throws IOException {
    int count = received.remaining();
    if (count > end - at || expected.slice(at, count).mismatch(received) >= 0) {
      throw new IOException("wrong bytes");
    }
    at += count;
    if (at < end) {
      return;
    }
    if (wantsPart) {
      ManySockets.close(channel());
      herd.ended();
    } else {
      herd.answered();
      wantsPart = true;
      int from = expected.limit() / 2;
      ask(from, from + PART, "Range: bytes=%d-%d\r\n".formatted(from, from + PART - 1));
    }
  }

  @Override
  public void failed(IOException why) {
    herd.failed(String.valueOf(why.getMessage()));
  }
}
