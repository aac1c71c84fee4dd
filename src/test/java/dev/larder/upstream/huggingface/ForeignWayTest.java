package dev.larder.upstream.huggingface;

import static dev.larder.upstream.huggingface.HubFixture.TOKEN;
import static dev.larder.upstream.huggingface.HubFixture.read;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.upstream.Cidr;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.WireSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hub that sends to another host, which sends back to an address at the hub that it chose. */
final class ForeignWayTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer home;
  private HttpServer foreign;

  @BeforeEach
  void start() throws IOException {
    home = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    foreign = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0), 0);
    home.createContext("/o/r/", exchange -> redirect(exchange, uri(foreign, "/elsewhere")));
    foreign.createContext("/", exchange -> redirect(exchange, uri(home, "/chosen")));
    home.createContext("/chosen", this::give);
    home.start();
    foreign.start();
  }

  @AfterEach
  void stop() {
    home.stop(0);
    foreign.stop(0);
  }

  private static URI uri(HttpServer server, String path) {
    InetSocketAddress at = server.getAddress();
    return URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + path);
  }

  private void note(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    boolean signed = exchange.getRequestHeaders().containsKey("Authorization");
    asked.add(path + (signed ? " with token" : ""));
  }

  private void redirect(HttpExchange exchange, URI to) throws IOException {
    note(exchange);
    exchange.getResponseHeaders().add("Location", to.toString());
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void give(HttpExchange exchange) throws IOException {
    note(exchange);
    String range = exchange.getRequestHeaders().getFirst("Range");
    int start = Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes %d-%d/10".formatted(start, start + 4));
    exchange.sendResponseHeaders(206, 5);
    exchange.getResponseBody().write("0123456789".substring(start, start + 5).getBytes(US_ASCII));
    exchange.close();
  }

  @Test
  void laterRanges_atAnAddressThatAForeignHostChose_doNotCarryTheToken() {
    try (HubClient client =
        HubClient.of(
            uri(home, ""),
            List.of(Cidr.parse("127.0.0.0/8")),
            WireSettings.DEFAULT,
            Throttle.unlimited(),
            InstantSource.system())) {
      RemoteContent content =
          client.content(
              RepoId.model("o/r"),
              new Commit("c".repeat(40)),
              new EntryPath("model.bin"),
              TOKEN,
              Optional.empty());
      assertThat(read(content, new ByteRange(0, 5))).asString().isEqualTo("01234");
      assertThat(read(content, new ByteRange(5, 10))).asString().isEqualTo("56789");
    }
    assertThat(asked)
        .containsExactly(
            "/o/r/resolve/" + "c".repeat(40) + "/model.bin with token",
            "/elsewhere",
            "/chosen",
            "/chosen");
  }
}
