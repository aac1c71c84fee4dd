package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers of the hub's API that are large, with less memory than they need all together. */
final class DocumentMemoryTest extends HubSite {
  private static final int LARGE = 12 << 20;
  private static final String INFO = "/hf/api/models/o/r";

  @BeforeEach
  void fill() {
    tuning = QUICK.withMemory(8 << 20);
    repo.file("large.txt", "x".repeat(LARGE)).file("other.txt", "y".repeat(LARGE));
    commit = repo.commit("main");
  }

  private String raw(String file) {
    return "/hf/o/r/raw/" + commit.hex() + "/" + file;
  }

  /** From an address of its own, takes the head and next to nothing of the rest. */
  private Socket slowly(String client, String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.bind(new InetSocketAddress(InetAddress.getByName(client), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", server().address().getPort()));
    String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 200");
    return socket;
  }

  @Test
  void documentThatIsMoreThanAll_isAnsweredAlone() {
    assertThat(get(raw("large.txt")).body()).hasSize(LARGE);
    assertThat(get(raw("large.txt")).cache()).isEqualTo("HIT");
    assertThat(get(raw("other.txt")).body()).hasSize(LARGE);
  }

  @Test
  void slowReaderOfALargeDocument_isCutWhileOthersWait() throws IOException {
    get(CONFIG);
    try (Socket slow = slowly("127.0.0.2", raw("large.txt"))) {
      long begin = System.nanoTime();
      assertThat(get(CONFIG).cache()).as("what is cached waits for nothing").isEqualTo("HIT");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
      Got got = get(INFO);
      for (int i = 0; i < 3 && got.status() == 503; i++) {
        assertThat(got.header("Retry-After")).matches("[1-5]");
        assertThat(got.header("X-Error-Message")).contains("hold");
        got = get(INFO);
      }
      assertThat(got.status()).isEqualTo(200);
      assertThat(slow.isClosed()).isFalse();
    }
  }

  @Test
  void slowReader_isLeftAlone_whileNobodyWaits() throws Exception {
    try (Socket slow = slowly("127.0.0.2", raw("large.txt"))) {
      // Takes 7 s, longer than a slow reader is borne where others wait; this one does not.
      hub.onFile("model.bin").throttle(weights.length / 7);
      assertThat(get(MODEL).body()).isEqualTo(weights);
      slow.setSoTimeout(10_000);
      assertThat(slow.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
    }
  }

  @Test
  void manyWhoReadOneDocument_allGetIt() {
    get(raw("large.txt"));
    var all = java.util.stream.IntStream.range(0, 6).mapToObj(_ -> getting(raw("large.txt")));
    assertThat(all.toList()).allMatch(one -> one.join().body().length == LARGE);
  }
}
