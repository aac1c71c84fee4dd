package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two servers in a row could read in two ways: each is refused, the connection ends,
 * and what came behind it is answered by nobody.
 */
@Timeout(60)
class DoorFramingTest {
  private static final String HIDDEN = "GET /t/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String GET = "GET /t/a HTTP/1.1\r\nHost: localhost\r\n";
  private static final String POST = "POST /t/b HTTP/1.1\r\nHost: localhost\r\n";

  private final ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
  private final AtomicInteger hidden = new AtomicInteger();
  private Door door;
  private InetSocketAddress address;

  @BeforeEach
  void open() {
    endpoint.peeked.put("/t/a", _ -> ScriptedEndpoint.text(200, "hello"));
    endpoint.peeked.put(
        "/t/hidden",
        _ -> {
          hidden.incrementAndGet();
          return ScriptedEndpoint.text(200, "hidden");
        });
    endpoint.answered.put("/t/b", r -> ScriptedEndpoint.text(200, "" + r.body(100).length));
    door = new Door(DoorSettings.at("127.0.0.1", 0), List.of(endpoint), InstantSource.system());
    address = door.start();
  }

  @AfterEach
  void close() {
    door.close();
  }

  static List<String> ambiguous() {
    return List.of(
        // A length and a transfer encoding, in either order.
        POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        // Two lengths, different, equal, and in one line.
        POST + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
        POST + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        POST + "Content-Length: 0, 0\r\n\r\n",
        POST + "Content-Length: +0\r\n\r\n",
        POST + "Content-Length: 0x0\r\n\r\n",
        POST + "Content-Length: 9999999999999999999\r\n\r\n",
        POST + "Content-Length:\r\n\r\n",
        // Encodings that are not the one.
        POST + "Transfer-Encoding: identity\r\n\r\n",
        POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // An old version cannot chunk.
        "POST /t/b HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // Folded headers, and headers that are none.
        GET + "X-A: 1\r\n folded\r\n\r\n",
        GET + "X-A: 1\r\n\tTransfer-Encoding: chunked\r\n\r\n",
        GET + " X-A: 1\r\n\r\n",
        GET + "Transfer-Encoding : chunked\r\n\r\n",
        GET + "X A: 1\r\n\r\n",
        GET + ": 1\r\n\r\n",
        GET + "no colon\r\n\r\n",
        // Lines that do not end as lines do.
        "GET /t/a HTTP/1.1\nHost: localhost\n\n",
        GET + "X-A: 1\nContent-Length: 3\r\n\r\n",
        GET + "X-A: 1\rContent-Length: 3\r\n\r\n",
        GET + "X-A: 1\r\n\n",
        // Control characters, before a request and in it.
        "\0" + GET + "\r\n",
        "\r\n\u0001" + GET + "\r\n",
        " " + GET + "\r\n",
        GET + "X-A: \0\r\n\r\n",
        GET + "X-A: \u007f\r\n\r\n",
        GET + "X-\0A: 1\r\n\r\n",
        "GET /t/a\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        // First lines of more or fewer than three words.
        "GET  /t/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /t/a  HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /t/a\tHTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /t/a\r\nHost: localhost\r\n\r\n",
        "G(T /t/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "\r\n\r\n\r\n\r\n\r\n\r\n",
        // Chunks with extensions, with lengths that are none, and that are longer than they say.
        POST + "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("ambiguous")
  void ambiguousRequest_is400AndTheConnectionEnds(String request) throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send(request + HIDDEN);

      String got = new String(client.readRest(), StandardCharsets.ISO_8859_1);
      assertThat(got).startsWith("HTTP/1.1 400 ").doesNotContain("hidden");
      assertThat(got.split("HTTP/1\\.1 ", -1)).as(got).hasSize(2);
      assertThat(hidden).hasValue(0);
    }
  }

  @ParameterizedTest
  @MethodSource("ambiguous")
  void ambiguousRequest_byteByByte_isRefusedToo(String request) throws IOException {
    try (RawClient client = new RawClient(address)) {
      for (byte one : request.getBytes(StandardCharsets.ISO_8859_1)) {
        client.send(new byte[] {one});
      }
    } catch (IOException _) {
      // It was refused before its end.
    }
    assertThat(hidden).hasValue(0);
    assertThat(RawClient.ask(address, "GET", "/t/a").text()).isEqualTo("hello");
  }

  @ParameterizedTest
  @MethodSource("ambiguous")
  void ambiguousRequest_behindAGoodOne_endsTheConnectionAfterItsAnswer(String request)
      throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send(GET + "\r\n" + request + HIDDEN);

      assertThat(client.read(false).text()).isEqualTo("hello");
      String rest = new String(client.readRest(), StandardCharsets.ISO_8859_1);
      assertThat(rest).doesNotContain("HTTP/1.1 200", "hidden");
    }
    assertThat(hidden).hasValue(0);
  }

  @Test
  void chunkedBody_asItShouldBe_isReadAndTheNextRequestFollows() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
      client.send("3\r\nabc\r\n");
      client.send("A\r\n0123456789\r\n0\r\n\r\n");
      assertThat(client.read(false).text()).isEqualTo("13");

      client.send(POST + "Content-Length: 4\r\n\r\nGET ");
      assertThat(client.read(false).text()).isEqualTo("4");

      client.request("GET", "/t/a");
      assertThat(client.read(false).text()).isEqualTo("hello");
    }
  }

  @Test
  void pipelinedRequests_cutAnywhere_areAllAnswered() throws IOException {
    String two = GET + "\r\n" + POST + "Content-Length: 3\r\n\r\nabc" + GET + "X-A: b\r\n\r\n";
    for (int cut = 1; cut < two.length(); cut++) {
      try (RawClient client = new RawClient(address)) {
        client.send(two.substring(0, cut));
        client.send(two.substring(cut));

        assertThat(client.read(false).text()).as("cut at " + cut).isEqualTo("hello");
        assertThat(client.read(false).text()).as("cut at " + cut).isEqualTo("3");
        assertThat(client.read(false).text()).as("cut at " + cut).isEqualTo("hello");
      }
    }
  }

  @Test
  void http2_withoutTls_isNotSpoken() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      assertThat(client.read(false).status()).isEqualTo(505);
      assertThat(client.readByte()).isEqualTo(-1);
    }
    try (RawClient client = new RawClient(address)) {
      client.request(
          "GET",
          "/t/a",
          "Connection: Upgrade, HTTP2-Settings",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAAP__");
      RawClient.Response got = client.read(false);
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.header("upgrade")).isEmpty();
    }
  }
}
