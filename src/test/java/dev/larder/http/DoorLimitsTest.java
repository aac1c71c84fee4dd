package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Clients that are too large, too slow, malformed, or mean somebody else. */
@Timeout(60)
class DoorLimitsTest {
  private static final DoorSettings.Limits SHORT =
      new DoorSettings.Limits(
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofSeconds(2));

  /** More than the buffers of both ends hold. */
  private static final long LARGE = 256L << 20;

  private final ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
  private Door door;
  private InetSocketAddress address;

  @BeforeEach
  void open() {
    endpoint.peeked.put("/t/a", _ -> ScriptedEndpoint.text(200, "hello"));
    endpoint.answered.put("/t/b", r -> ScriptedEndpoint.text(200, "" + r.body(100).length));
    door =
        new Door(
            DoorSettings.at("127.0.0.1", 0).withLimits(SHORT).withHosts(Set.of("models.example")),
            List.of(endpoint),
            InstantSource.system());
    address = door.start();
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void clientHello_onThePlainPort_is400() throws IOException {
    byte[] hello = new byte[300];
    new Random(7).nextBytes(hello);
    hello[0] = 0x16;
    hello[1] = 3;
    hello[2] = 1;
    try (RawClient client = new RawClient(address)) {
      client.send(hello);

      assertThat(client.read(false).status()).isEqualTo(400);
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void garbage_is400() throws IOException {
    for (String text :
        List.of(
            "hello\r\n\r\n",
            "\0\0\0\0",
            "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /t/a HTTP/1.1\r\nHost localhost\r\n\r\n",
            "GET /t/a HTTP/1.1\r\n\r\n",
            "GET /t/a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            "GET /t/a#x HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /t/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST /t/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")) {
      try (RawClient client = new RawClient(address)) {
        client.send(text);
        assertThat(client.read(false).status()).as(text).isEqualTo(400);
      }
    }
  }

  @Test
  void version_unknown_isRefused() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send("GET /t/a HTTP/9.9\r\nHost: localhost\r\n\r\n");
      assertThat(client.read(false).status()).isGreaterThanOrEqualTo(400);
    }
  }

  @Test
  void line_tooLong_is414_headers_tooLong_is431() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/" + "a".repeat(9000));
      assertThat(client.read(false).status()).isEqualTo(414);
    }
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/a", "X-Long: " + "a".repeat(17000));
      assertThat(client.read(false).status()).isEqualTo(431);
    }
  }

  @Test
  void head_farTooLarge_is431Or414AndTheConnectionEnds() throws IOException {
    String start = "GET /t/a HTTP/1.1\r\nHost: localhost\r\n";
    refused(414, "GET /t/" + "a".repeat(1 << 20) + " HTTP/1.1\r\n\r\n");
    refused(414, "GET /t/" + "a".repeat(1 << 20));
    refused(431, start + "X-Long: " + "a".repeat(64 << 10) + "\r\n\r\n");
    refused(431, start + "X: a\r\n".repeat(100_000) + "\r\n");
    refused(431, start + "X: a\r\n".repeat(100) + "\r\n");
    refused(
        400,
        "POST /t/b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0".repeat(1 << 20));
    try (RawClient client = new RawClient(address)) {
      client.send(start + "X: a\r\n".repeat(99) + "\r\n");
      assertThat(client.read(false).status()).isEqualTo(200);
    }
  }

  private void refused(int status, String request) throws IOException {
    try (RawClient client = new RawClient(address)) {
      sendWhatIsTaken(client, request);
      assertThat(client.read(false).status()).isEqualTo(status);
    }
  }

  /** The server may have closed before all of it was sent, with its answer on the way. */
  private static void sendWhatIsTaken(RawClient client, String request) {
    try {
      client.send(request);
    } catch (IOException _) {
      // Then the answer says why.
    }
  }

  @Test
  void head_oneByteAtATime_isRefusedAtTheDeadlineAllTheSame() throws Exception {
    try (RawClient client = new RawClient(address)) {
      long begun = System.nanoTime();
      String head = "GET /t/a HTTP/1.1\r\nHost: localhost\r\n";
      try {
        for (int i = 0; System.nanoTime() - begun < Duration.ofSeconds(40).toNanos(); i++) {
          client.send(i < head.length() ? head.substring(i, i + 1) : "a");
          TimeUnit.MILLISECONDS.sleep(20);
        }
      } catch (IOException _) {
        // Closed while it sent.
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void nextHead_begunDuringAnAnswer_hasItsDeadlineToo() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send("GET /t/a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /t/a HTTP/1.1\r\n");

      assertThat(client.read(false).text()).isEqualTo("hello");
      assertThat(client.read(false).status()).isEqualTo(408);
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void host_notOurs_is421NamingTheSetting() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send("GET /t/a HTTP/1.1\r\nHost: evil.example\r\n\r\n");
      RawClient.Response got = client.read(false);
      assertThat(got.status()).isEqualTo(421);
      assertThat(got.text()).contains("LARDER_HOSTS");

      client.send("GET /t/a HTTP/1.1\r\nHost: models.example:8090\r\n\r\n");
      assertThat(client.read(false).status()).isEqualTo(200);

      client.send("GET http://evil.example/t/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.read(false).status()).isEqualTo(421);

      client.send("GET http://localhost:1/t/a?x HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.read(false).status()).isEqualTo(200);
    }
  }

  @Test
  void head_thatTrickles_is408() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send("GET /t/a HTTP/1.1\r\n");

      assertThat(client.read(false).status()).isEqualTo(408);
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void body_thatTrickles_is408() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/t/b", "Content-Length: 10");
      client.send("abc");

      assertThat(client.read(false).status()).isEqualTo(408);
    }
  }

  @Test
  void connection_idle_isClosed() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/a");
      assertThat(client.read(false).text()).isEqualTo("hello");

      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void client_takesNothing_isCutAndTheLogSaysWhy(@TempDir Path dir) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Logger logger = (Logger) LoggerFactory.getLogger("dev.larder.http");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.DEBUG);
    try (FileChannel large = sparse(dir.resolve("large"))) {
      endpoint.peeked.put(
          "/t/large",
          _ ->
              new Reply.FileSlice(
                  200, List.of(), large, 0, LARGE, ScriptedEndpoint.SOUND, _ -> ended.countDown()));
      try (RawClient client = new RawClient(address)) {
        client.request("GET", "/t/large?secret");

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      logger.setLevel(null);
      logger.detachAppender(lines);
    }
    assertThat(List.copyOf(lines.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains("The client took nothing of its answer for too long and is cut.")
        .noneMatch(line -> line.contains("secret"));
    assertThat(List.copyOf(lines.list))
        .filteredOn(line -> String.valueOf(line.getKeyValuePairs()).contains("client.slow"))
        .hasSize(1);
  }

  @Test
  void client_takesNothing_holdsLittleOfTheSystemsMemory(@TempDir Path dir) throws Exception {
    try (FileChannel large = sparse(dir.resolve("large"));
        RawClient client = new RawClient(address, Duration.ofSeconds(15), 16 << 10)) {
      endpoint.peeked.put(
          "/t/large",
          _ ->
              new Reply.FileSlice(
                  200, List.of(), large, 0, LARGE, ScriptedEndpoint.SOUND, _ -> {}));
      client.request("GET", "/t/large");
      assertThat(client.readHead().status()).isEqualTo(200);
      // Whatever the system takes at once it has taken when others were answered meanwhile.
      for (int i = 0; i < 100; i++) {
        assertThat(RawClient.ask(address, "GET", "/t/a").text()).isEqualTo("hello");
      }
      assertThat(mostUnsentBytes()).isBetween(1L, 256L << 10);
    }
  }

  /** Of one connection of the door, as {@code /proc/net} has it: what its client has not. */
  private long mostUnsentBytes() throws IOException {
    String port = ":%04X".formatted(address.getPort());
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
    lines.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
    return lines.stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words[1].endsWith(port))
        .mapToLong(words -> Long.parseLong(words[4].substring(0, 8), 16))
        .max()
        .orElseThrow();
  }

  private static FileChannel sparse(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel.write(ByteBuffer.allocate(1), LARGE - 1);
    return channel;
  }

  @Test
  void expectContinue_isAnswered() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/t/b", "Content-Length: 3", "Expect: 100-continue");
      assertThat(client.readHead().status()).isEqualTo(100);
      client.send("abc");
      assertThat(client.read(false).text()).isEqualTo("3");
    }
  }
}
