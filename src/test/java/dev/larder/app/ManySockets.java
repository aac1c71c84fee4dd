package dev.larder.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Thousands of connections in one thread, so that none of them has to wait for its turn on a
 * processor. They come from several addresses of loopback: one address has too few ports.
 */
final class ManySockets implements AutoCloseable {
  /** Half of what Linux gives to one address, for those that were closed keep theirs a minute. */
  private static final int PER_ADDRESS = 2_000;

  private static final int MOST_AT_ONCE = 256;
  private static final long SELECT_MILLIS = 100;

  /** One connection's owner. What it throws ends its connection and is reported to it. */
  interface Client {
    void connected() throws IOException;

    /** There is something to read, or the end. */
    void readable() throws IOException;

    void failed(IOException why);
  }

  private final InetSocketAddress server;
  private final Selector selector = Selector.open();
  private int opened;
  private int connecting;

  ManySockets(InetSocketAddress server) throws IOException {
    this.server = server;
  }

  /** Why this process or one like it cannot have so many; empty when it can. */
  static String tooMany(int descriptors) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        String hard = line.strip().split("\\s{2,}")[2];
        boolean enough = hard.equals("unlimited") || Long.parseLong(hard) >= descriptors;
        return enough
            ? ""
            : "the hard limit of open files is %s and %d are needed (ulimit -Hn)"
                .formatted(hard, descriptors);
      }
    }
    return "";
  }

  /** Whether one more may begin to connect. */
  boolean hasRoom() {
    return connecting < MOST_AT_ONCE;
  }

  /** {@code receiveBytes}: how much the system takes in advance; 0 for what is usual. */
  SocketChannel open(Client client, int receiveBytes) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    if (receiveBytes > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
    }
    int last = 2 + opened++ / PER_ADDRESS % 200;
    channel.bind(new InetSocketAddress("127.0.0." + last, 0));
    channel.connect(server);
    channel.register(selector, SelectionKey.OP_CONNECT, client);
    connecting++;
    return channel;
  }

  /** Tells everybody to whom something happened. */
  void turn() throws IOException {
    selector.select(this::happened, SELECT_MILLIS);
  }

  private void happened(SelectionKey key) {
    Client client = (Client) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable()) {
        connecting--;
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        client.connected();
      } else {
        client.readable();
      }
    } catch (IOException e) {
      close(channel);
      client.failed(e);
    }
  }

  /** It is not told any more when there is something to read. */
  void ignore(SocketChannel channel) {
    channel.keyFor(selector).interestOps(0);
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
