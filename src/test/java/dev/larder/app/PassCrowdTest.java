package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that take what is passed through slowly, and those who come beside them. */
@Tag("alone") // Slow readers are cut after five seconds, which a busy machine takes to make them.
final class PassCrowdTest extends HubSite {
  private static final String SLOW = "/hf/api/slow";
  private static final String SMALL = "/hf/api/small";
  private final List<InputStream> open = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeEach
  void fillPages() {
    hub.page("/api/slow", "text/csv", "x".repeat(32 << 20));
    hub.page("/api/small", "text/csv", "x");
    for (int i = 0; i < 5; i++) {
      hub.token("hf_crowd_" + i, "crowd" + i);
    }
  }

  @AfterEach
  void letGo() throws IOException {
    threads.shutdownNow();
    for (InputStream in : open) {
      in.close();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Answers of which nothing more than the head is taken. */
  private void hold(int count, String... headers) {
    for (int i = 0; i < count; i++) {
      var answer = open("GET", SLOW, headers);
      assertThat(answer.statusCode()).isEqualTo(200);
      open.add(answer.body());
    }
  }

  private static String[] token(int number) {
    return new String[] {"Authorization", "Bearer hf_crowd_" + number};
  }

  /** The same from another address of this machine, with a raw socket that reads no more. */
  private int statusFrom(String address, String path) {
    try {
      Socket socket =
          new Socket(
              InetAddress.getLoopbackAddress(),
              server().address().getPort(),
              InetAddress.getByName(address),
              0);
      sockets.add(socket);
      String head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + server().address().getPort();
      socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] line = socket.getInputStream().readNBytes(12);
      return Integer.parseInt(new String(line, StandardCharsets.US_ASCII).substring(9));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void slowReadersOfOneCaller_leaveRoomForOthers() {
    hold(8);
    var own = getting(SMALL);
    assertThat(as(ANN, SMALL).status()).isEqualTo(200);
    assertThat(statusFrom("127.0.0.2", SMALL)).isEqualTo(200);
    assertThat(own).as("the caller has its share").isNotDone();
  }

  @Test
  void slowReadersWithManyTokens_leaveRoomForOtherAddresses() {
    for (int i = 0; i < 3; i++) {
      hold(8, token(i));
    }
    var own = getting(SMALL, "Authorization", "Bearer " + ANN);
    assertThat(statusFrom("127.0.0.2", SMALL)).isEqualTo(200);
    assertThat(own).as("the address has its share").isNotDone();
  }

  @Test
  void readersThatTake_areNotCut_andOthersAreToldToComeAgain() throws Exception {
    hub.onPath("/api/slow").always().throttle(256 << 10);
    hold(8);
    var all =
        open.stream().map(in -> CompletableFuture.runAsync(() -> drain(in), threads)).toList();
    Got got = get(SMALL);
    assertThat(got.status()).isEqualTo(503);
    assertThat(got.header("Retry-After")).matches("[1-5]");
    assertThat(all).noneMatch(CompletableFuture::isDone);
  }

  private static void drain(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void slowReaders_areCutWhileOthersWait() {
    for (int i = 0; i < 3; i++) {
      hold(8, token(i));
    }
    for (int i = 0; i < 8; i++) {
      assertThat(statusFrom("127.0.0.2", SLOW)).isEqualTo(200);
    }
    long begin = System.nanoTime();
    int status = 503;
    while (status == 503 && System.nanoTime() - begin < Duration.ofSeconds(20).toNanos()) {
      status = statusFrom("127.0.0.3", SMALL);
    }
    assertThat(status).as("somebody's slot was freed").isEqualTo(200);
  }

  @Test
  void slowReaders_areLeftAlone_whileNobodyWaits() throws Exception {
    hold(2);
    // Takes 7 s, longer than a slow reader is borne where others wait; this one does not.
    hub.onFile("model.bin").throttle(weights.length / 7);
    assertThat(get(MODEL).body()).isEqualTo(weights);
    assertThat(open.getFirst().readAllBytes()).hasSize(32 << 20);
  }

  @Test
  void slotIsFree_whenItsReaderLeaves() throws IOException {
    hold(8);
    for (InputStream in : open) {
      in.close();
    }
    assertThat(get(SMALL).status()).isEqualTo(200);
  }
}
