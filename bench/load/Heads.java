import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Asks HEAD over kept connections, one request at a time on each, from one thread: what wrk does for
 * GET and cannot do for HEAD, since it waits for a body.
 *
 * <pre>
 *   java bench/load/Heads.java URL CONNECTIONS SECONDS
 * </pre>
 *
 * Prints {@code requests failed seconds p50_us p99_us}.
 */
final class Heads {
  private static final int SLOTS = 200_000;
  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  private static final class Client {
    final ByteBuffer in = ByteBuffer.allocate(8192);
    long asked;
  }

  private final int[] micros = new int[SLOTS];
  private final ByteBuffer ask;
  private long requests;
  private long failed;

  private Heads(URI url) {
    String text = "HEAD " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n\r\n";
    this.ask = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  public static void main(String[] args) throws IOException {
    URI url = URI.create(args[0]);
    Heads heads = new Heads(url);
    double took = heads.run(url, Integer.parseInt(args[1]), Long.parseLong(args[2]));
    System.out.printf(
        java.util.Locale.ROOT, "%d %d %.4f %d %d%n",
        heads.requests, heads.failed, took, heads.quantile(0.5), heads.quantile(0.99));
  }

  private double run(URI url, int connections, long seconds) throws IOException {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        SocketChannel channel =
            SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()));
        channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Client client = new Client();
        channel.register(selector, SelectionKey.OP_READ, client);
        ask(channel, client);
      }
      long start = System.nanoTime();
      long end = start + seconds * 1_000_000_000L;
      while (System.nanoTime() < end) {
        selector.select(this::answered, 100);
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private void answered(SelectionKey key) {
    Client client = (Client) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (channel.read(client.in) < 0) {
        failed++;
        key.cancel();
      } else if (endsHead(client.in)) {
        requests++;
        failed += client.in.get(9) == '2' ? 0 : 1;
        int took = (int) ((System.nanoTime() - client.asked) / 1000);
        micros[Math.min(SLOTS - 1, took)]++;
        client.in.clear();
        ask(channel, client);
      }
    } catch (IOException e) {
      failed++;
      key.cancel();
    }
  }

  private void ask(SocketChannel channel, Client client) throws IOException {
    client.asked = System.nanoTime();
    channel.write(ask.rewind());
  }

  private static boolean endsHead(ByteBuffer in) {
    int at = in.position() - END.length;
    for (int i = 0; i < END.length; i++) {
      if (at < 0 || in.get(at + i) != END[i]) {
        return false;
      }
    }
    return true;
  }

  private long quantile(double part) {
    long left = (long) (requests * part);
    for (int i = 0; i < SLOTS; i++) {
      left -= micros[i];
      if (left < 0) {
        return i;
      }
    }
    return 0;
  }
}
