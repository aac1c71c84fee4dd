package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.LarderException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More clients, or more requests, than there is room for. */
@Timeout(60)
class DoorCrowdedTest {
  private final ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
  private final Vital health = new Vital();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Semaphore waiting = new Semaphore(0);
  private final List<RawClient> clients = new ArrayList<>();
  private @Nullable Door door;
  private InetSocketAddress address;

  /** What must be answered whatever happens, at once or by a thread. */
  private static final class Vital implements Endpoint {
    @Override
    public String prefix() {
      return "healthz";
    }

    @Override
    public boolean vital() {
      return true;
    }

    @Override
    public Reply peek(Request request) {
      return request.rawPath().equals("/healthz") ? ScriptedEndpoint.text(200, "ok") : null;
    }

    @Override
    public Reply answer(Request request) {
      return ScriptedEndpoint.text(200, "by a thread");
    }

    @Override
    public Reply failure(Request request, LarderException failure, int status) {
      return ScriptedEndpoint.text(status, failure.code());
    }
  }

  private void open(int connections, int requests) {
    open(connections, requests, Duration.ofMillis(500));
  }

  private void open(int connections, int requests, Duration head) {
    endpoint.peeked.put("/t/hot", _ -> ScriptedEndpoint.text(200, "hot"));
    endpoint.answered.put("/t/quick", _ -> ScriptedEndpoint.text(200, "quick"));
    endpoint.answered.put(
        "/t/slow",
        _ -> {
          waiting.release();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return ScriptedEndpoint.text(200, "slow");
        });
    var limits =
        new DoorSettings.Limits(
            head, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(2));
    door =
        new Door(
            DoorSettings.at("127.0.0.1", 0)
                .withMaxConnections(connections)
                .withMaxRequests(requests)
                .withLimits(limits),
            List.of(endpoint, health),
            InstantSource.system());
    address = door.start();
  }

  @AfterEach
  void close() throws IOException {
    release.countDown();
    for (RawClient client : clients) {
      client.close();
    }
    if (door != null) {
      door.close();
    }
  }

  private RawClient client() throws IOException {
    clients.add(new RawClient(address));
    return clients.getLast();
  }

  private List<RawClient> slowOnes(int count) throws Exception {
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      slow.add(client());
      slow.getLast().request("GET", "/t/slow");
    }
    waiting.acquire(count);
    return slow;
  }

  @Test
  void requestsInFlight_tooMany_get503AndHealthAnswers() throws Exception {
    open(100, 4);
    List<RawClient> slow = slowOnes(4);

    RawClient.Response refused = RawClient.ask(address, "GET", "/t/quick");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text()).startsWith("overloaded: ");
    assertThat(RawClient.ask(address, "GET", "/t/hot").text()).isEqualTo("hot");
    assertThat(RawClient.ask(address, "GET", "/healthz").text()).isEqualTo("ok");
    assertThat(RawClient.ask(address, "GET", "/healthz/x").text()).isEqualTo("by a thread");

    release.countDown();
    for (RawClient client : slow) {
      assertThat(client.read(false).text()).isEqualTo("slow");
    }
    assertThat(RawClient.ask(address, "GET", "/t/quick").text()).isEqualTo("quick");
  }

  /** Its thread may still be at its last lines when the client has all and asks for more. */
  @Test
  void requestsInFlight_asManyAsAllowed_hasRoomForTheNextOfEachConnection() throws Exception {
    open(100, 1);
    RawClient only = client();
    for (int i = 0; i < 3_000; i++) {
      only.request("GET", "/t/quick");
      assertThat(only.read(false).text()).as("request %d", i).isEqualTo("quick");
    }
  }

  @Test
  void overloaded_isAnAnswerThatSaysWhenToAskAgain() {
    var failure = new HttpException.Overloaded();

    assertThat(Problems.status(failure)).isEqualTo(503);
    assertThat(Problems.retryAfter(failure)).contains("2");
  }

  @Test
  void connections_beyondTheLimit_get503AndHealthAnswers() throws Exception {
    open(3, 100);
    List<RawClient> slow = slowOnes(3);

    try (RawClient guest = new RawClient(address)) {
      guest.request("GET", "/t/hot");
      RawClient.Response refused = guest.read(false);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("connection")).isEqualTo("close");
      assertThat(guest.readByte()).isEqualTo(-1);
    }
    try (RawClient guest = new RawClient(address)) {
      guest.request("GET", "/healthz");
      assertThat(guest.read(false).text()).isEqualTo("ok");
      assertThat(guest.readByte()).isEqualTo(-1);
    }
    try (RawClient silent = new RawClient(address)) {
      assertThat(silent.readByte()).as("closed long before the idle limit").isEqualTo(-1);
    }

    release.countDown();
    for (RawClient client : slow) {
      assertThat(client.read(false).text()).isEqualTo("slow");
    }
  }

  @Test
  void headsThatNeverEnd_takeOnlyTheirShareOfTheMemory() throws Exception {
    open(24, 100, Duration.ofSeconds(3)); // so that 3 of them may be large
    String large = "GET /t/hot HTTP/1.1\r\nHost: localhost\r\nX-A: " + "a".repeat(3000);
    for (int i = 0; i < 3; i++) {
      client().send(large);
    }
    awaitLargeHeads(3);
    assertThat(ask(large + "\r\n\r\n").status()).isEqualTo(503);
    assertThat(RawClient.ask(address, "GET", "/t/hot").text()).isEqualTo("hot");

    // At the deadline of a head they are let go.
    for (RawClient client : clients) {
      assertThat(client.read(false).status()).isEqualTo(408);
      assertThat(client.readByte()).isEqualTo(-1);
      client.close();
    }
    awaitLargeHeads(0);
    assertThat(ask(large + "\r\n\r\n").text()).isEqualTo("hot");
  }

  private RawClient.Response ask(String request) throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send(request);
      return client.read(false);
    }
  }

  /** Of clients that wait for one another none may come too early. */
  private void awaitLargeHeads(int count) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (door.largeHeads() != count && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(door.largeHeads()).isEqualTo(count);
  }

  @Test
  void connections_farBeyondTheLimit_areClosed() throws Exception {
    open(2, 100);
    slowOnes(2);
    for (int i = 0; i < OpenConnections.GUESTS; i++) {
      client();
    }
    try (RawClient one = new RawClient(address)) {
      assertThat(one.readByte()).isEqualTo(-1);
    }
    assertThat(door.openConnections()).isLessThanOrEqualTo(2 + OpenConnections.GUESTS);
  }
}
