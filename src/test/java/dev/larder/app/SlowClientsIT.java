package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.http.RawClient;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeHub;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of connections whose heads, bodies and readers never come to their end: each is let go
 * at its deadline, and clients that behave hardly notice.
 */
@Tag("alone")
class SlowClientsIT {
  private static final boolean LONG = Boolean.getBoolean("larder.long");
  private static final int OF_EACH = LONG ? 3_300 : 100;
  private static final int CALM_WINDOWS = 7;

  /** Longer than a slow reader may stay, who is let go after a minute. */
  private static final int ATTACK_WINDOWS = 29;

  /** One turn of somebody else on a processor, or one collection of garbage: under this, noise. */
  private static final Duration LEAST = Duration.ofMillis(5);

  private static final Duration HEAD_LIMIT = Duration.ofSeconds(10);
  private static final Duration BODY_LIMIT = Duration.ofSeconds(30);

  /** A slow client looks every four seconds, and has to come to its turn. */
  private static final Duration LATE = Duration.ofSeconds(LONG ? 10 : 20);

  private static final long MOST_MEMORY_BYTES = 448L << 20;
  private static final String LARGE = "/hf/slow/one/resolve/main/large.bin";
  private static final String SMALL = "/hf/slow/one/resolve/main/small.bin";

  @TempDir Path scratch;

  private final FakeHub hub = FakeHub.start();

  @AfterEach
  void close() {
    hub.close();
  }

  /** What the slow clients say of one of their kinds. */
  private record Fate(int letGo, Duration longest, String answers) {
    static Fate of(String line) {
      String[] words = line.split(" ");
      return new Fate(
          Integer.parseInt(words[0]), Duration.ofMillis(Long.parseLong(words[1])), words[2]);
    }
  }

  @Test
  @Timeout(600)
  void serve_thousandsOfSlowClients_areLetGoAndOthersHardlyNotice() throws Exception {
    assumeThat(ManySockets.tooMany(LONG ? 20_000 : 1_000)).as("descriptors").isEmpty();
    byte[] small = Bytes.of(5, 60_000);
    hub.model("slow/one")
        .lfsGenerated("large.bin", 24L << 20, 7)
        .lfs("small.bin", small)
        .commit("main");
    Path home = scratch.resolve("home");
    Product larder = Product.before(hub, scratch, home).set("LARDER_REF_TTL", "1h");
    try (Product.Server server = larder.serve(home)) {
      URI address = server.ready();
      InetSocketAddress door = new InetSocketAddress(address.getHost(), address.getPort());
      for (String path : new String[] {LARGE, SMALL}) {
        assertThat(RawClient.ask(door, "GET", path).status()).isEqualTo(200);
      }
      try (GoodClients good = new GoodClients(door, SMALL, small)) {
        attack(good, new ProcessView(server.proc()), address.getPort());
        assertThat(good.failures()).isEmpty();
      }
      assertThat(new ProcessView(server.proc()).mostResidentBytes())
          .isLessThanOrEqualTo(MOST_MEMORY_BYTES);
      assertThat(server.log().lines()).noneMatch(line -> line.contains("ERROR"));
      assertThat(server.stop()).as("exit code after SIGTERM").isZero();
    }
  }

  private void attack(GoodClients good, ProcessView server, int port) throws Exception {
    Duration before = LONG ? calm(good) : Duration.ZERO;
    Duration during = Duration.ZERO;
    int readers = 0;
    Fate head;
    Fate body;
    try (OtherProcess slow = OtherProcess.startNice(scratch, Loris.class, port, LARGE, OF_EACH)) {
      slow.await("standing");
      if (LONG) {
        during = good.p99(ATTACK_WINDOWS);
        readers = server.connections(port).size() - 2 * OF_EACH;
      }
      slow.await("heads-let-go");
      slow.endInput();
      head = Fate.of(slow.await("HEAD"));
      body = Fate.of(slow.await("BODY"));
    }
    Duration after = LONG ? calm(good) : Duration.ZERO;
    System.out.printf(
        "slow clients: %d of each kind; heads %s, bodies %s, at most %d readers left; p99 of others %s before, %s during, %s after%n",
        OF_EACH, head, body, readers, before, during, after);
    assertThat(head.letGo()).isGreaterThanOrEqualTo(OF_EACH);
    assertThat(head.longest()).isLessThan(HEAD_LIMIT.plus(LATE));
    assertThat(head.answers()).contains("408=");
    assertThat(body.longest()).isLessThan(BODY_LIMIT.plus(LATE));
    if (LONG) {
      assertThat(body.letGo()).isGreaterThanOrEqualTo(OF_EACH);
      // The slow readers themselves do not see it before they have read what their system took.
      assertThat(readers)
          .as("connections of slow readers, long after the idle limit")
          .isLessThan(OF_EACH / 10);
      Duration usual = before.compareTo(after) > 0 ? before : after;
      Duration most = usual.compareTo(LEAST) > 0 ? usual : LEAST;
      assertThat(during).isLessThan(most.multipliedBy(2));
    }
  }

  /** The first window is thrown away: what was before it is still going on. */
  private static Duration calm(GoodClients good) throws InterruptedException {
    Duration _ = good.p99(1);
    return good.p99(CALM_WINDOWS);
  }
}
