package dev.larder.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One of {@link Loris}, for one connection. */
final class LorisClient implements ManySockets.Client {
  /** So little that the server soon has no place for more of its answer. */
  private static final int RECEIVE_BYTES = 16 << 10;

  private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";

  private final Loris loris;
  private final ManySockets sockets;
  private final Loris.Kind kind;
  private final String path;
  private final StringBuilder answer = new StringBuilder();
  private @Nullable SocketChannel channel;
  private long bornNanos;
  private long movedNanos;

  LorisClient(Loris loris, ManySockets sockets, Loris.Kind kind, String path) {
    this.loris = loris;
    this.sockets = sockets;
    this.kind = kind;
    this.path = path;
  }

  Loris.Kind kind() {
    return kind;
  }

  long movedNanos() {
    return movedNanos;
  }

  long ageNanos() {
    return System.nanoTime() - bornNanos;
  }

  void open() throws IOException {
    channel = sockets.open(this, kind == Loris.Kind.READ ? RECEIVE_BYTES : 0);
  }

  private SocketChannel channel() {
    if (channel == null) {
      throw new IllegalStateException("not opened");
    }
    return channel;
  }

  @Override
  public void connected() throws IOException {
    bornNanos = System.nanoTime();
    movedNanos = bornNanos;
    String first =
        switch (kind) {
          case HEAD -> "GET " + path + HOST + "X-Long: ";
          case BODY ->
              "POST /hf/api/models/slow/one/paths-info/main"
                  + HOST
                  + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\n";
          case READ -> "GET " + path + HOST + "\r\n";
        };
    channel().write(ByteBuffer.wrap(first.getBytes(StandardCharsets.US_ASCII)));
    if (kind == Loris.Kind.READ) {
      sockets.ignore(channel());
    }
    loris.connected(this);
  }

  /** False when the connection was ended by the server. */
  boolean oneByte() {
    movedNanos = System.nanoTime();
    try {
      if (kind != Loris.Kind.READ) {
        channel().write(ByteBuffer.wrap(new byte[] {'a'}));
        return true;
      }
      if (channel().read(ByteBuffer.allocate(1)) >= 0) {
        return true;
      }
    } catch (IOException _) {
      // It was ended while nobody looked.
    }
    ended();
    return false;
  }

  @Override
  public void readable() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(512);
    if (channel().read(bytes) < 0) {
      ended();
    } else {
      answer.append(new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1));
    }
  }

  private void ended() {
    ManySockets.close(channel());
    String status = answer.length() < 12 ? "none" : answer.substring(9, 12);
    loris.letGo(this, bornNanos == 0 ? 0 : ageNanos(), status);
  }

  @Override
  public void failed(IOException why) {
    ended();
  }
}
