package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.RawClient;
import dev.larder.testing.FakeContent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One client of many: asks for this and that, and compares every byte that it gets. */
final class CrowdClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /**
   * Since the last request: what the server has sent may have waited here for most of that time,
   * and then the server's own minute is nearly over. On a busy machine turns come late.
   */
  private static final long IDLE_NANOS = Duration.ofSeconds(15).toNanos();

  private static final int BLOCK = 16 << 10;

  /** More than one packet of loopback holds: with less, the two ends wait for each other. */
  private static final int SLOW_RECEIVE = 128 << 10;

  private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();

  /** A file that the hub has. */
  record Offer(String path, FakeContent content) {
    long size() {
      return content.size();
    }
  }

  private final InetSocketAddress server;
  private final CrowdCounts counts;
  private final SplittableRandom random;
  private final List<Offer> warm;
  private final List<Offer> cold;
  private RawClient connection;
  private String doing = "nothing";
  private long begunNanos = System.nanoTime();
  private long usedNanos = System.nanoTime();

  CrowdClient(
      InetSocketAddress server,
      CrowdCounts counts,
      SplittableRandom random,
      List<Offer> warm,
      List<Offer> cold)
      throws IOException {
    this.server = server;
    this.counts = counts;
    this.random = random;
    this.warm = warm;
    this.cold = cold;
    connection = connect(0);
  }

  private RawClient connect(int receiveBytes) throws IOException {
    counts.connected();
    usedNanos = System.nanoTime();
    return new RawClient(server, PATIENCE, receiveBytes);
  }

  /** What it is at, for a failure's message. */
  String doing() {
    return "%s for %d ms"
        .formatted(doing, Duration.ofNanos(System.nanoTime() - begunNanos).toMillis());
  }

  private void begin(String what, Offer file) throws IOException {
    if (System.nanoTime() - usedNanos > IDLE_NANOS) {
      reconnect(0);
    }
    doing = what + " " + file.path();
    begunNanos = System.nanoTime();
    usedNanos = begunNanos;
  }

  /** One of everything, in proportion: most ask for what is there. */
  void step() throws IOException {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> whole(any(warm), "warm");
      case 4, 5, 6 -> part(any(warm));
      case 7 -> part(any(cold));
      case 8, 9, 10 -> head(any(random.nextBoolean() ? warm : cold));
      case 11, 12 -> whole(any(cold), "cold");
      case 13 -> missing();
      case 14, 15 -> vanish(any(random.nextBoolean() ? warm : cold));
      case 16 -> abortHead();
      case 17 -> slow(any(random.nextBoolean() ? warm : cold));
      case 18 -> unchanged(any(warm));
      default -> last(any(warm));
    }
  }

  private Offer any(List<Offer> offers) {
    return offers.get(random.nextInt(offers.size()));
  }

  void whole(Offer file, String kind) throws IOException {
    begin(kind, file);
    connection.request("GET", file.path());
    RawClient.Response head = answered(file, 200, 0, file.size());
    compare(file, 0, length(head), 0);
    counts.done(kind);
  }

  private void part(Offer file) throws IOException {
    begin("range", file);
    long from = random.nextLong(file.size());
    long to = Math.min(file.size(), from + random.nextLong(1, 300_000));
    String range =
        switch (random.nextInt(3)) {
          case 0 -> {
            to = file.size();
            from = to - Math.min(to, 200_000);
            yield "-" + (to - from);
          }
          case 1 -> {
            to = file.size();
            from = Math.max(from, to - 500_000);
            yield from + "-";
          }
          default -> from + "-" + (to - 1);
        };
    connection.request("GET", file.path(), "Range: bytes=" + range);
    RawClient.Response head = answered(file, 206, from, to);
    assertThat(head.header("content-range"))
        .isEqualTo("bytes %d-%d/%d".formatted(from, to - 1, file.size()));
    compare(file, from, to, 0);
    counts.done("range");
  }

  private void head(Offer file) throws IOException {
    begin("head", file);
    connection.request("HEAD", file.path());
    answered(file, 200, 0, file.size());
    counts.done("head");
  }

  private void unchanged(Offer file) throws IOException {
    begin("unchanged", file);
    connection.request("GET", file.path(), "If-None-Match: " + tag(file));
    assertThat(connection.readHead().status()).isEqualTo(304);
    counts.done("unchanged");
  }

  private void missing() throws IOException {
    begin("missing", any(warm));
    connection.request("GET", "/hf/crowd/warm/resolve/main/none.txt");
    assertThat(connection.read(false).status()).isEqualTo(404);
    counts.done("missing");
  }

  /** Says that it is the last one, and sees the connection end after the last byte. */
  private void last(Offer file) throws IOException {
    begin("close", file);
    connection.request("GET", file.path(), "Connection: close");
    RawClient.Response head = answered(file, 200, 0, file.size());
    compare(file, 0, length(head), 0);
    assertThat(connection.readByte()).isEqualTo(-1);
    reconnect(0);
    counts.done("close");
  }

  /** Leaves in the middle of a body, politely or not. */
  private void vanish(Offer file) throws IOException {
    begin("vanish", file);
    connection.request("GET", file.path());
    answered(file, 200, 0, file.size());
    compare(file, 0, random.nextLong(file.size()), 0);
    if (random.nextBoolean()) {
      connection.reset();
    }
    reconnect(0);
    counts.done("vanish");
  }

  /** Leaves in the middle of a request's head, or right after it. */
  private void abortHead() throws IOException {
    Offer file = any(cold);
    begin("abort", file);
    String request = "GET " + file.path() + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    connection.send(request.substring(0, random.nextInt(1, request.length() + 1)));
    if (random.nextBoolean()) {
      connection.reset();
    }
    reconnect(0);
    counts.done("abort");
  }

  private void slow(Offer file) throws IOException {
    begin("slow", file);
    reconnect(SLOW_RECEIVE);
    connection.request("GET", file.path());
    RawClient.Response head = answered(file, 200, 0, file.size());
    compare(file, 0, length(head), PAUSE_NANOS);
    counts.done("slow");
  }

  private void reconnect(int receiveBytes) throws IOException {
    connection.close();
    connection = connect(receiveBytes);
  }

  private RawClient.Response answered(Offer file, int status, long from, long to)
      throws IOException {
    RawClient.Response head = connection.readHead();
    assertThat(head.status()).as(file.path()).isEqualTo(status);
    assertThat(head.header("etag")).isEqualTo(tag(file));
    assertThat(length(head)).isEqualTo(to - from);
    return head;
  }

  private static long length(RawClient.Response head) {
    return Long.parseLong(head.header("content-length"));
  }

  private static String tag(Offer file) {
    return '"' + file.content().sha256().hex() + '"';
  }

  /** Reads {@code [from, to)}, of which each byte must be that of the file. */
  private void compare(Offer file, long from, long to, long pauseNanos) throws IOException {
    for (long at = from; at < to; ) {
      int wanted = (int) Math.min(BLOCK, to - at);
      byte[] got = connection.readBytes(wanted);
      assertThat(got).as("%s ends at %d of %d", file.path(), at, to).hasSize(wanted);
      if (!file.content().matches(got, at)) {
        throw new AssertionError("wrong bytes in %s from %d on".formatted(file.path(), at));
      }
      at += wanted;
      counts.compared(wanted);
      LockSupport.parkNanos(pauseNanos);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
