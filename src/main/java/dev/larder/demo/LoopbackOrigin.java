package dev.larder.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP origin on loopback that can vanish and come back under the same port. Vanished means
 * that connections are refused, and open ones are cut.
 */
final class LoopbackOrigin {
  /** What answers; a failure means that the client went away or the disk failed. */
  interface Handler {
    void answer(HubCall call) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(LoopbackOrigin.class);

  private final ExecutorService threads;
  private final Handler handler;
  private final int port;
  private @Nullable HttpServer server;

  LoopbackOrigin(ExecutorService threads, Handler handler) throws IOException {
    this.threads = threads;
    this.handler = handler;
    HttpServer first = listen(0);
    this.port = first.getAddress().getPort();
    this.server = first;
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  synchronized void stop() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  synchronized void start() throws IOException {
    if (server == null) {
      server = listen(port);
    }
  }

  private HttpServer listen(int onPort) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), onPort);
    HttpServer listening = HttpServer.create(address, 0);
    listening.createContext("/", this::serve);
    listening.setExecutor(threads);
    listening.start();
    return listening;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try {
      handler.answer(new HubCall(exchange));
    } catch (IOException e) {
      log.atDebug().addKeyValue("reason", e.getMessage()).log("demo hub: an answer was cut");
      throw e;
    } finally {
      exchange.close();
    }
  }
}
