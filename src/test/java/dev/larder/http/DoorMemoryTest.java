package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions with bodies, more of them than there is memory for. */
@Tag("alone")
@Timeout(60)
class DoorMemoryTest {
  private static final int MEMORY = 1 << 20;
  private static final int BODY = 100_000;

  private final ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
  private final List<Socket> sockets = new ArrayList<>();
  private Door door;
  private InetSocketAddress address;

  @BeforeEach
  void open() {
    endpoint.peeked.put("/t/hot", _ -> ScriptedEndpoint.text(200, "hello"));
    endpoint.answered.put("/t/b", r -> ScriptedEndpoint.text(200, "" + r.body(MEMORY).length));
    var limits =
        new DoorSettings.Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2));
    door =
        new Door(
            DoorSettings.at("127.0.0.1", 0).withLimits(limits).withMemory(MEMORY),
            List.of(endpoint),
            InstantSource.system());
    address = door.start();
  }

  @AfterEach
  void close() throws IOException {
    letGo();
    door.close();
  }

  private void letGo() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private Socket from(String client) {
    try {
      InetAddress local = InetAddress.getByName(client);
      Socket socket = new Socket(address.getAddress(), address.getPort(), local, 0);
      sockets.add(socket);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(Socket socket, String head, int bytes) throws IOException {
    socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(new byte[bytes]);
  }

  /** A body that is announced, comes up to its last byte and no further. */
  private void hold(String client) throws IOException {
    send(
        from(client), "POST /t/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY, BODY - 1);
  }

  private String post(String client, int bytes) throws IOException {
    Socket socket = from(client);
    send(
        socket,
        "POST /t/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + bytes,
        bytes);
    return rest(socket);
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void slowBodiesOfOneAddress_leaveMemoryForOthers() throws IOException {
    for (int i = 0; i < 20; i++) {
      hold("127.0.0.1");
    }
    long begin = System.nanoTime();
    assertThat(post("127.0.0.2", 80_000)).startsWith("HTTP/1.1 200").endsWith("80000");
    Socket hot = from("127.0.0.1");
    send(hot, "GET /t/hot HTTP/1.1\r\nHost: localhost\r\nConnection: close", 0);
    assertThat(rest(hot)).endsWith("hello");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(9));
  }

  @Test
  void bodyWithoutMemory_isToldToComeAgain() throws IOException {
    for (int i = 0; i < 20; i++) {
      hold("127.0.0.1");
    }
    assertThat(post("127.0.0.1", BODY)).startsWith("HTTP/1.1 503").contains("memory-short");
    letGo();
    assertThat(post("127.0.0.1", BODY)).startsWith("HTTP/1.1 200");
  }

  @RepeatedTest(5)
  void bodiesThatWaited_areWhole() throws Exception {
    for (int i = 0; i < 20; i++) {
      hold("127.0.0.1");
    }
    Socket waiting = from("127.0.0.1");
    send(
        waiting,
        "POST /t/b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + BODY,
        BODY);
    long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
    while (door.waitingForMemory() == 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(door.waitingForMemory()).isPositive();
    for (Socket socket : sockets) {
      if (socket != waiting) {
        socket.close();
      }
    }
    assertThat(rest(waiting)).startsWith("HTTP/1.1 200").endsWith("" + BODY);
  }

  @Test
  void clientsThatWentWhileTheyWaited_holdNothing() throws IOException {
    for (int i = 0; i < 20; i++) {
      send(
          from("127.0.0.1"), "POST /t/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY, 0);
    }
    // In turns and slowly, so that each comes to have a part of what there is, and none enough.
    for (int sent = 0; door.waitingForMemory() < 20 && sent < BODY - 1000; sent += 1000) {
      for (Socket socket : sockets) {
        socket.getOutputStream().write(new byte[1000]);
      }
      LockSupport.parkNanos(2_000_000);
    }
    long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
    while (door.waitingForMemory() < 20 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(door.waitingForMemory()).isEqualTo(20);
    letGo();
    long gone = System.nanoTime();
    assertThat(post("127.0.0.1", BODY)).startsWith("HTTP/1.1 200");
    assertThat(Duration.ofNanos(System.nanoTime() - gone)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void memory_isGivenBackByEveryRequest() throws IOException {
    for (int i = 0; i < 50; i++) {
      assertThat(post("127.0.0.1", BODY)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void bodyThatIsMoreThanAll_isReadWhileNobodyElseReads() throws IOException {
    assertThat(post("127.0.0.1", MEMORY)).startsWith("HTTP/1.1 200").endsWith("" + MEMORY);
  }

  @Test
  void announcedBytes_takeNothing() throws IOException {
    for (int i = 0; i < 50; i++) {
      send(
          from("127.0.0.1"), "POST /t/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY, 0);
    }
    assertThat(post("127.0.0.1", BODY)).startsWith("HTTP/1.1 200");
  }
}
