package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.upstream.UpstreamException.EgressDenied;
import dev.larder.upstream.UpstreamException.UpstreamLied;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private final ScriptedServer server = ScriptedServer.start();
  private final Wire wire = wire(WireSettings.DEFAULT, NameLookup.SYSTEM);

  private static Wire wire(WireSettings settings, NameLookup names) {
    EgressGuard guard =
        new EgressGuard(
            Origin.of(URI.create("http://hub.example")), List.of(Cidr.parse("127.0.0.1")));
    return new Wire(
        guard,
        settings,
        Throttle.unlimited(),
        names,
        () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
    server.close();
  }

  private String get() {
    return get(wire, server.uri());
  }

  private static String get(Wire wire, URI address) {
    Deadline deadline = Deadline.after(Duration.ofSeconds(5));
    try (WireResponse response = wire.send(WireRequest.get(address, "a thing"), deadline)) {
      response.body().until(deadline);
      return new String(response.body().readAll(1 << 20), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void body_withLength_keepsTheConnection() {
    server.answer(OK + "Content-Length: 5\r\n\r\nhello").answer(OK + "content-length:0\r\n\r\n");
    assertThat(get()).isEqualTo("hello");
    assertThat(get()).isEmpty();
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void body_chunked_isJoined() {
    server
        .answer(
            OK
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "5;ext=1\r\nhello\r\n0A\r\n 123456789\r\n0\r\nTrailer: x\r\n\r\n")
        .answer(OK + "Content-Length: 1\r\n\r\nx");
    assertThat(get()).isEqualTo("hello 123456789");
    assertThat(get()).isEqualTo("x");
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void body_untilClose_endsThere() {
    server.lastWords("HTTP/1.0 200 OK\r\n\r\nall of it");
    assertThat(get()).isEqualTo("all of it");
  }

  @Test
  void interimAnswers_areSkipped() {
    server.answer(
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
            + OK
            + "Content-Length: 1\r\n\r\nx");
    assertThat(get()).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        OK + "Content-Length: +5\r\n\r\nhello",
        OK + "Content-Length: 5, 5\r\n\r\nhello",
        OK + "Content-Length: -1\r\n\r\n",
        OK + "Content-Length: 99999999999999999999\r\n\r\n",
        OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: identity\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + "No colon\r\n\r\n",
        OK + "Bad name : x\r\n\r\n",
        OK + "A: b\r\n folded\r\n\r\n",
        OK + "A: b\nB: c\r\n\r\n",
        OK + "A: b\u0000c\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"
      })
  void answer_notProperHttp_isALie(String bytes) {
    server.lastWords(bytes);
    assertThatThrownBy(this::get)
        .isInstanceOf(UpstreamLied.class)
        .hasMessageContaining("not proper HTTP");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK",
        OK + "Content-Length: 5\r\n",
        OK + "Content-Length: 5\r\n\r\nhell",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
      })
  void answer_thatBreaksOff_isNoEnd(String bytes) {
    server.lastWords(bytes);
    assertThatThrownBy(this::get)
        .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isFalse());
  }

  @Test
  void head_ofTooManyOrTooLongLines_isRefused() {
    server.lastWords(OK + "A: b\r\n".repeat(101) + "\r\n");
    assertThatThrownBy(this::get).isInstanceOf(UpstreamLied.class).hasMessageContaining("100");
    server.lastWords(OK + "A: " + "b".repeat(70_000) + "\r\n\r\n");
    assertThatThrownBy(this::get).isInstanceOf(UpstreamLied.class).hasMessageContaining("65536");
  }

  @Test
  void body_longerThanWanted_isRefused() {
    server.lastWords(OK + "\r\n" + "x".repeat(2 << 20));
    assertThatThrownBy(this::get).isInstanceOf(UpstreamLied.class).hasMessageContaining("longer");
  }

  @Test
  void answer_withSomethingBehindIt_endsTheConnection() {
    server
        .answer(OK + "Content-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        .answer(OK + "Content-Length: 4\r\n\r\ngood");
    assertThat(get()).isEqualTo("x");
    assertThat(get()).isEqualTo("good");
    assertThat(server.connections).hasValue(2);
  }

  @Test
  void connection_closeSaid_isNotKept() {
    server
        .answer(OK + "Connection: close\r\nContent-Length: 1\r\n\r\nx")
        .answer(OK + "Content-Length: 1\r\n\r\ny");
    get();
    assertThat(get()).isEqualTo("y");
    assertThat(server.connections).hasValue(2);
  }

  @Test
  void connection_notReadToItsEnd_isNotKept() {
    server
        .answer(OK + "Content-Length: 100000\r\n\r\n" + "x".repeat(100_000))
        .answer(OK + "Content-Length: 1\r\n\r\ny");
    Deadline deadline = Deadline.after(Duration.ofSeconds(5));
    try (WireResponse response = wire.send(WireRequest.get(server.uri(), "a thing"), deadline)) {
      assertThat(response.body().read(new byte[10], 0, 10)).isPositive();
    }
    assertThat(get()).isEqualTo("y");
    assertThat(server.connections).hasValue(2);
  }

  @Test
  void connection_diedMeanwhile_isReplacedOnce() {
    server.lastWords(OK + "Content-Length: 1\r\n\r\nx").answer(OK + "Content-Length: 1\r\n\r\ny");
    get();
    assertThat(get()).isEqualTo("y");
  }

  @Test
  void stall_timesOut() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    server.then(
        socket -> {
          socket.getOutputStream().write((OK + "Content-Length: 5\r\n\r\nhe").getBytes());
          over.await();
          return false;
        });
    try (Wire hasty =
        wire(WireSettings.DEFAULT.withStallTimeout(Duration.ofMillis(150)), NameLookup.SYSTEM)) {
      assertThatThrownBy(() -> get(hasty, server.uri()))
          .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue());
    } finally {
      over.countDown();
    }
  }

  @Test
  void connectionRefused_isUnreachable() throws Exception {
    try (Socket taken = new Socket()) { // Nobody listens there, and nobody else can.
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      URI address = URI.create("http://127.0.0.1:" + taken.getLocalPort() + "/thing");
      assertThatThrownBy(() -> get(wire, address))
          .isInstanceOf(UpstreamUnreachable.class)
          .hasMessageContaining("did not take the connection")
          .hasMessageNotContaining("/thing");
    }
  }

  @Test
  void name_isLookedUpOnceAndTheCheckedAddressIsUsed() {
    AtomicInteger asked = new AtomicInteger();
    NameLookup flapping =
        _ ->
            List.of(InetAddress.ofLiteral(asked.incrementAndGet() == 1 ? "127.0.0.1" : "10.0.0.1"));
    server.answer(OK + "Content-Length: 1\r\n\r\nx");
    try (Wire other = wire(WireSettings.DEFAULT, flapping)) {
      assertThat(get(other, URI.create("http://hub.example:" + server.port() + "/a%2Fb?c=%20")))
          .isEqualTo("x");
    }
    assertThat(asked).hasValue(1);
    assertThat(server.heads.getFirst())
        .startsWith("GET /a%2Fb?c=%20 HTTP/1.1\r\nHost: hub.example:" + server.port() + "\r\n")
        .contains("Accept-Encoding: identity\r\n");
  }

  @Test
  void name_thatLeadsInside_isDeniedWithoutAConnection() {
    NameLookup inside = _ -> List.of(InetAddress.ofLiteral("127.0.0.2"));
    try (Wire other = wire(WireSettings.DEFAULT, inside)) {
      assertThatThrownBy(() -> get(other, URI.create("http://hub.example:" + server.port() + "/")))
          .isInstanceOf(EgressDenied.class);
    }
    assertThat(server.connections).hasValue(0);
  }

  @Test
  void name_thatLeadsInsideTheNextTime_isDeniedThen() {
    AtomicInteger asked = new AtomicInteger();
    NameLookup rebinding =
        _ ->
            List.of(
                InetAddress.ofLiteral(asked.incrementAndGet() == 1 ? "127.0.0.1" : "127.0.0.2"));
    server.lastWords(OK + "Content-Length: 1\r\nConnection: close\r\n\r\nx");
    URI address = URI.create("http://hub.example:" + server.port() + "/");
    try (Wire other = wire(WireSettings.DEFAULT, rebinding)) {
      assertThat(get(other, address)).isEqualTo("x");
      assertThatThrownBy(() -> get(other, address)).isInstanceOf(EgressDenied.class);
    }
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void name_withOneAddressInsideAmongOthers_isDeniedWithoutAConnection() {
    NameLookup mixed =
        _ -> List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.2"));
    try (Wire other = wire(WireSettings.DEFAULT, mixed)) {
      assertThatThrownBy(() -> get(other, URI.create("http://hub.example:" + server.port() + "/")))
          .isInstanceOf(EgressDenied.class);
    }
    assertThat(server.connections).hasValue(0);
  }

  @Test
  void name_thatIsNotAnswered_timesOut() {
    CountDownLatch over = new CountDownLatch(1);
    NameLookup silent =
        host -> {
          try {
            over.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return List.of();
        };
    try (Wire other = wire(WireSettings.DEFAULT, silent)) {
      WireRequest request = WireRequest.get(URI.create("http://hub.example/"), "a thing");
      assertThatThrownBy(() -> other.send(request, Deadline.after(Duration.ofMillis(100))))
          .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue());
    } finally {
      over.countDown();
    }
  }

  @Test
  void send_afterClose_isUnreachable() {
    wire.close();
    assertThatThrownBy(this::get).isInstanceOf(UpstreamUnreachable.class);
  }
}
