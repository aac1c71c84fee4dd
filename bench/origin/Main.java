import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * An origin for benchmarks: the same bytes as plain files (for nginx) and as a Hugging Face hub (for
 * Larder), at sendfile speed or slowed down, with an exact count of the bytes it sent per object.
 *
 * <pre>
 *   java bench/origin/Main.java DIRECTORY SIZE_BYTES
 * </pre>
 *
 * Prints "hub PORT cdn PORT" once it listens, and ends when its standard input ends.
 */
final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    Objects objects = Objects.in(Path.of(args[0]), Long.parseLong(args[1]));
    Control control = new Control();
    Routes routes = new Routes(objects, control);
    int hub = listen(routes);
    int cdn = listen(routes);
    routes.cdnIsOn(cdn);
    System.out.println("hub " + hub + " cdn " + cdn);
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static int listen(Routes routes) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress("127.0.0.1", 0), 1024);
    Thread.ofPlatform().daemon().start(() -> accept(server, routes));
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  private static void accept(ServerSocketChannel server, Routes routes) {
    try {
      while (true) {
        SocketChannel client = server.accept();
        // A platform thread: transferTo on a virtual thread's socket does not wait for room.
        Thread.ofPlatform().daemon().start(new Connection(client, routes));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
