package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.InvalidName;
import dev.larder.content.RangeRequest;
import dev.larder.http.RawClient.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DoorTest {
  private static final long SEED = 20261121;

  private final ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
  private Door door;
  private InetSocketAddress address;

  @BeforeEach
  void open() {
    open(DoorSettings.at("127.0.0.1", 0));
  }

  private void open(DoorSettings settings) {
    door =
        new Door(
            settings,
            List.of(endpoint),
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    address = door.start();
  }

  private void reopen(DoorSettings settings) {
    door.close();
    open(settings);
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void peek_givesAnAnswer_isSentWithLengthAndDate() throws IOException {
    endpoint.peeked.put("/t/a", _ -> ScriptedEndpoint.text(200, "hello"));

    Response got = RawClient.ask(address, "GET", "/t/a?x=1");
    Response head = RawClient.ask(address, "HEAD", "/t/a");

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.text()).isEqualTo("hello");
    assertThat(got.header("date")).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
    assertThat(head.header("content-length")).isEqualTo("5");
  }

  @Test
  void answer_runsOnAVirtualThread_mayBlock() throws IOException {
    endpoint.answered.put(
        "/t/b", _ -> ScriptedEndpoint.text(200, Thread.currentThread().isVirtual() + ""));

    assertThat(RawClient.ask(address, "GET", "/t/b").text()).isEqualTo("true");
  }

  @Test
  void request_isReadAsItWasSent() throws IOException {
    endpoint.answered.put(
        "/t//%2F/x",
        r ->
            ScriptedEndpoint.text(
                200,
                r.rawSegments()
                    + r.rawQuery()
                    + r.header("x-a")
                    + r.fromLoopback()
                    + r.publicUrl()));

    Response got = RawClient.ask(address, "GET", "/t//%2F/x?a=%20", "X-A: 1");

    assertThat(got.text()).isEqualTo("[t, , %2F, x]a=%201truehttp://localhost");
  }

  @Test
  void range_isParsed() throws IOException {
    endpoint.answered.put(
        "/t/r",
        r -> ScriptedEndpoint.text(200, "" + r.range().equals(new RangeRequest.Closed(1, 3))));

    assertThat(RawClient.ask(address, "GET", "/t/r", "Range: bytes=1-2").text()).isEqualTo("true");
  }

  @Test
  void fileSlice_isSentAndReleased_channelStaysOpen(@TempDir Path dir) throws Exception {
    byte[] bytes = new byte[5_000_000];
    new Random(SEED).nextBytes(bytes);
    Path file = Files.write(dir.resolve("f"), bytes);
    AtomicInteger released = new AtomicInteger();
    AtomicLong sentBytes = new AtomicLong();
    try (FileChannel channel = FileChannel.open(file)) {
      for (int length : new int[] {0, 1, 1000, 65536, 65537, 1 << 20, (1 << 20) + 1, 4_000_000}) {
        endpoint.peeked.put(
            "/t/f",
            _ ->
                new Reply.FileSlice(
                    206,
                    List.of(),
                    channel,
                    77,
                    length,
                    ScriptedEndpoint.SOUND,
                    sent -> {
                      sentBytes.addAndGet(sent);
                      released.incrementAndGet();
                    }));
        int before = released.get();

        Response got = RawClient.ask(address, "GET", "/t/f");
        Response head = RawClient.ask(address, "HEAD", "/t/f");

        assertThat(got.body()).isEqualTo(Arrays.copyOfRange(bytes, 77, 77 + length));
        assertThat(head.header("content-length")).isEqualTo("" + length);
        awaitEquals(released, before + 2);
        assertThat(sentBytes.getAndSet(0)).as("HEAD sends none").isEqualTo(length);
        assertThat(channel.isOpen()).isTrue();
      }
    }
  }

  @Test
  void fileSlice_clientLeaves_isReleased(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("f");
    try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(1L << 30);
    }
    CountDownLatch released = new CountDownLatch(1);
    AtomicLong sentBytes = new AtomicLong();
    try (FileChannel channel = FileChannel.open(file)) {
      endpoint.peeked.put(
          "/t/f",
          _ ->
              new Reply.FileSlice(
                  200,
                  List.of(),
                  channel,
                  0,
                  1L << 30,
                  ScriptedEndpoint.SOUND,
                  sent -> {
                    sentBytes.set(sent);
                    released.countDown();
                  }));
      try (RawClient client = new RawClient(address)) {
        client.request("GET", "/t/f");
        client.readHead();
      }

      assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(sentBytes.get()).as("what went out before").isBetween(1L, (1L << 30) - 1);
      assertThat(channel.isOpen()).isTrue();
    }
  }

  @Test
  void pipelined_requests_areAnsweredInOrder() throws IOException {
    endpoint.peeked.put("/t/1", _ -> ScriptedEndpoint.text(200, "one"));
    CountDownLatch go = new CountDownLatch(1);
    endpoint.answered.put(
        "/t/2",
        _ -> {
          await(go);
          return ScriptedEndpoint.text(200, "two");
        });
    try (RawClient client = new RawClient(address)) {
      String head = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      client.send("GET /t/2" + head + "GET /t/1" + head + "GET /t/2" + head + "GET /t/1" + head);
      go.countDown();

      for (String expected : List.of("two", "one", "two", "one")) {
        assertThat(client.read(false).text()).isEqualTo(expected);
      }
    }
  }

  @Test
  void body_isRead_andTheConnectionGoesOn() throws IOException {
    endpoint.answered.put(
        "/t/b", r -> ScriptedEndpoint.text(200, new String(r.body(100), StandardCharsets.UTF_8)));
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/t/b", "Content-Length: 4");
      client.send("ab");
      client.send("cd");
      assertThat(client.read(false).text()).isEqualTo("abcd");
      client.request("POST", "/t/b", "Transfer-Encoding: chunked");
      client.send("3\r\nxyz\r\n0\r\n\r\n");
      assertThat(client.read(false).text()).isEqualTo("xyz");
    }
  }

  @Test
  void body_tooLong_is413AndTheEnd() throws IOException {
    endpoint.answered.put("/t/b", r -> ScriptedEndpoint.text(200, "" + r.body(10).length));
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/t/b", "Content-Length: 5000");
      client.send("x".repeat(5000));

      assertThat(client.read(false).status()).isEqualTo(413);
      assertThat(client.readRest()).isEmpty();
    }
  }

  @Test
  void body_announcedTooLong_is413BeforeItComes() throws IOException {
    endpoint.answered.put("/t/b", r -> ScriptedEndpoint.text(200, "" + r.body(10).length));
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/t/b", "Content-Length: 99999999999");

      assertThat(client.read(false).status()).isEqualTo(413);
      assertThat(client.readRest()).isEmpty();
    }
  }

  @Test
  void body_unread_endsTheConnectionAfterTheAnswer() throws IOException {
    endpoint.peeked.put("/t/a", _ -> ScriptedEndpoint.text(200, "done"));
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/t/a", "Content-Length: 50");
      client.send("GET /t/a HTTP/1.1\r\n");

      Response got = client.read(false);
      assertThat(got.text()).isEqualTo("done");
      assertThat(got.header("connection")).isEqualTo("close");
      assertThat(client.readRest()).isEmpty();
    }
  }

  @Test
  void failure_isWordedByTheEndpoint() throws IOException {
    endpoint.answered.put(
        "/t/x",
        _ -> {
          throw new InvalidName("thing", "y", "it is wrong");
        });

    Response got = RawClient.ask(address, "GET", "/t/x");

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.text()).startsWith("bad-name: 'y' is not a valid thing");
  }

  @Test
  void failure_unforeseen_is500WithoutItsText() throws IOException {
    endpoint.answered.put(
        "/t/x",
        _ -> {
          throw new IllegalStateException("secret detail");
        });

    Response got = RawClient.ask(address, "GET", "/t/x");

    assertThat(got.status()).isEqualTo(500);
    assertThat(got.text()).startsWith("unexpected").doesNotContain("secret");
  }

  @Test
  void path_nobodyServes_is404Problem() throws IOException {
    Response got = RawClient.ask(address, "GET", "/other");

    assertThat(got.status()).isEqualTo(404);
    assertThat(got.header("content-type")).isEqualTo("application/problem+json");
    assertThat(got.text()).contains("\"code\":\"no-such-path\"");
  }

  @Test
  void stream_isChunked_orOfTheLengthPromised() throws IOException {
    byte[] piece = "abc".getBytes(StandardCharsets.US_ASCII);
    Reply.StreamBody twice =
        sink -> {
          sink.write(piece, 0, 3);
          sink.write(piece, 1, 2);
        };
    endpoint.answered.put("/t/s", _ -> new Reply.Stream(200, List.of(), twice));
    endpoint.answered.put(
        "/t/l", _ -> new Reply.Stream(200, List.of(Header.of("Content-Length", "5")), twice));
    endpoint.answered.put(
        "/t/short", _ -> new Reply.Stream(200, List.of(Header.of("Content-Length", "6")), twice));

    assertThat(RawClient.ask(address, "GET", "/t/s").text()).isEqualTo("abcbc");
    assertThat(RawClient.ask(address, "GET", "/t/l").text()).isEqualTo("abcbc");
    assertThatThrownBy(() -> RawClient.ask(address, "GET", "/t/short"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void port_inUse_isNamedWithWhatToDo() {
    try (Door second =
        new Door(
            DoorSettings.at("127.0.0.1", address.getPort()), List.of(), InstantSource.system())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(HttpException.PortInUse.class)
          .hasMessageContaining("127.0.0.1:" + address.getPort())
          .hasMessageContaining("LARDER_PORT");
    }
  }

  @Test
  void address_notOfThisMachine_cannotBeListenedOn() {
    try (Door second =
        new Door(DoorSettings.at("192.0.2.1", 0), List.of(), InstantSource.system())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(HttpException.CannotListen.class)
          .hasMessageContaining("192.0.2.1");
    }
  }

  @Test
  void connections_overTheLimit_areRefused() throws IOException {
    reopen(DoorSettings.at("127.0.0.1", 0).withMaxConnections(1));
    endpoint.peeked.put("/t/a", _ -> ScriptedEndpoint.text(200, "hello"));
    try (RawClient first = new RawClient(address)) {
      first.request("GET", "/t/a");
      first.read(false);
      assertThat(RawClient.ask(address, "GET", "/t/a").status()).isEqualTo(503);
      first.request("GET", "/t/a");
      assertThat(first.read(false).text()).isEqualTo("hello");
    }
  }

  @Test
  void close_whileAnAnswerRuns_letsItEnd() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    endpoint.answered.put(
        "/t/slow",
        _ -> {
          asked.countDown();
          await(go);
          return ScriptedEndpoint.text(200, "in time");
        });
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/slow");
      await(asked);
      Thread closer = Thread.ofVirtual().start(door::close);
      go.countDown();

      assertThat(client.read(false).text()).isEqualTo("in time");
      closer.join(Duration.ofSeconds(10));
      assertThat(closer.isAlive()).isFalse();
    }
  }

  @Test
  void close_idleConnections_isQuick() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/a");
      client.read(false);
      long start = System.nanoTime();

      door.close();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitEquals(AtomicInteger value, int expected) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (value.get() != expected && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(value).hasValue(expected);
  }
}
