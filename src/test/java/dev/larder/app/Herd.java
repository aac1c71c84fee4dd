package dev.larder.app;

import dev.larder.testing.FakeContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process of clients that all want one file, each on its own connection and all at once. Every
 * byte is compared. Prints how it ended; see {@link HerdIT}.
 *
 * <p>Nobody waits with an idle connection: a client asks as soon as it is connected, and leaves
 * when it has what it wants.
 */
final class Herd {
  private static final Duration STILL = Duration.ofSeconds(90);

  private final int clients;
  private final ManySockets sockets;
  private final Map<String, Integer> failures = new TreeMap<>();
  private final ByteBuffer expected;
  private final ByteBuffer received = ByteBuffer.allocateDirect(256 << 10);
  private final String path;
  private int waiting;
  private int most;
  private int ended;
  private long bytes;
  private long movedNanos = System.nanoTime();

  private Herd(InetSocketAddress server, String path, FakeContent file, int clients)
      throws IOException {
    this.clients = clients;
    this.path = path;
    sockets = new ManySockets(server);
    ByteArrayOutputStream all = new ByteArrayOutputStream((int) file.size());
    file.write(all, 0, file.size());
    expected = ByteBuffer.allocateDirect((int) file.size()).put(all.toByteArray()).flip();
  }

  /** Port, path, size and seed of the file, how many clients. */
  public static void main(String[] args) throws IOException {
    FakeContent file = FakeContent.generated(Long.parseLong(args[2]), Long.parseLong(args[3]));
    InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
    new Herd(server, args[1], file, Integer.parseInt(args[4])).run();
  }

  private void run() throws IOException {
    try (sockets) {
      int begun = 0;
      boolean told = false;
      while (ended < clients) {
        while (begun < clients && sockets.hasRoom()) {
          new HerdClient(this, sockets, path, expected, received).open();
          begun++;
        }
        sockets.turn();
        if (!told && most == clients) {
          told = true;
          System.out.println("all-wait");
        }
        if (System.nanoTime() - movedNanos > STILL.toNanos()) {
          failures.merge("nothing moves any more", clients - ended, Integer::sum);
          break;
        }
      }
    }
    System.out.println("at-once " + most);
    System.out.println("bytes " + bytes);
    System.out.println("failures " + failures);
  }

  void asked() {
    movedNanos = System.nanoTime();
    most = Math.max(most, ++waiting);
  }

  void got(int count) {
    movedNanos = System.nanoTime();
    bytes += count;
  }

  /** The whole file is there; a part of it is asked for now. */
  void answered() {
    waiting--;
  }

  void ended() {
    ended++;
  }

  void failed(String why) {
    failures.merge(why, 1, Integer::sum);
    ended++;
  }
}
