package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that cannot be sent: the client is let go, and nothing is kept for it. */
@Timeout(60)
class SenderFaultsTest {
  private static final int SMALL = 60 << 10;
  private static final int LARGE = 200 << 10;

  /** What no head of an answer can be written with. */
  private static final int NO_STATUS = -1;

  private static final int TRIES = 300;

  @TempDir Path dir;
  private final ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
  private final AtomicInteger leases = new AtomicInteger();
  private final AtomicLong bufferBytes = new AtomicLong();
  private Door door;
  private InetSocketAddress address;
  private FileChannel channel;

  @BeforeEach
  void open() throws IOException {
    channel = FileChannel.open(Files.write(dir.resolve("f"), new byte[LARGE]));
    door = new Door(DoorSettings.at("127.0.0.1", 0), List.of(endpoint), InstantSource.system());
    address = door.start();
    endpoint.peeked.put("/t/fine", _ -> slice(200, SMALL));
    endpoint.peeked.put("/t/memory", this::measure);
  }

  @AfterEach
  void close() throws IOException {
    door.close();
    channel.close();
    assertThat(leases).hasValue(0);
  }

  private Reply slice(int status, int length) {
    return slice(status, length, ScriptedEndpoint.SOUND);
  }

  private Reply slice(int status, int length, Reply.FileCheck check) {
    leases.incrementAndGet();
    return new Reply.FileSlice(
        status, List.of(), channel, 0, length, check, _ -> leases.decrementAndGet());
  }

  /** Of a file that changed while it was sent. */
  private record Changed(boolean sound) implements Reply.FileCheck {
    @Override
    public boolean atOnce() {
      return false;
    }

    @Override
    public boolean thoroughly() {
      assertThat(Thread.currentThread().isVirtual()).isTrue();
      return sound;
    }
  }

  @Test
  void file_touchedWhileItIsSent_isSentWhole() throws IOException {
    endpoint.peeked.put("/t/touched", _ -> slice(200, LARGE, new Changed(true)));

    assertThat(RawClient.ask(address, "GET", "/t/touched").body()).hasSize(LARGE);
  }

  @Test
  void file_rewrittenWhileItIsSent_isCutBeforeItsEnd() throws IOException {
    endpoint.peeked.put("/t/rewritten", _ -> slice(200, LARGE, new Changed(false)));

    assertCut("/t/rewritten");

    assertThat(leases).hasValue(0);
    assertThat(RawClient.ask(address, "GET", "/t/fine").body()).hasSize(SMALL);
  }

  private Reply measure(Request request) {
    ByteBuf any = ((VertxRequest) request).connection().buffer(1);
    var allocator = (ByteBufAllocatorMetricProvider) any.alloc();
    any.release();
    bufferBytes.set(allocator.metric().usedDirectMemory());
    return ScriptedEndpoint.text(200, "measured");
  }

  private long memoryNow() throws IOException {
    RawClient.ask(address, "GET", "/t/memory");
    return bufferBytes.get();
  }

  private long mostMemory() throws IOException {
    long most = 0;
    for (int i = 0; i < 50; i++) {
      most = Math.max(most, memoryNow());
    }
    return most;
  }

  @Test
  void client_thatAsksOnAndOnAndTakesNothing_costsNoCopies() throws IOException {
    long before = memoryNow();
    try (RawClient client = new RawClient(address)) {
      client.send("GET /t/fine HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1500));

      assertThat(mostMemory() - before).isLessThan(16L << 20);
    }
  }

  @Test
  void clients_thatTakeNothingOfADocument_costAPieceOfItEach() throws IOException {
    byte[] document = new byte[8 << 20];
    document[document.length - 1] = 7;
    endpoint.peeked.put("/t/document", _ -> new Reply.Bytes(200, List.of(), document));
    assertThat(RawClient.ask(address, "GET", "/t/document").body()).isEqualTo(document);
    long before = memoryNow();
    List<RawClient> clients = new java.util.ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        clients.add(new RawClient(address));
        clients.getLast().request("GET", "/t/document");
      }

      assertThat(mostMemory() - before).isLessThan(32L << 20);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private void assertCut(String path) {
    assertThatThrownBy(() -> RawClient.ask(address, "GET", path))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("timed out");
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void status_isNone_clientIsLetGoAndTheLeaseClosed(int length) throws IOException {
    endpoint.peeked.put("/t/bad", _ -> slice(NO_STATUS, length));

    assertCut("/t/bad");

    assertThat(leases).hasValue(0);
    assertThat(RawClient.ask(address, "GET", "/t/fine").body()).hasSize(SMALL);
  }

  @Test
  void status_isNoneInAnAnswerOfMemory_clientIsLetGo() {
    endpoint.peeked.put("/t/bad", _ -> new Reply.Bytes(NO_STATUS, List.of(), new byte[10]));

    assertCut("/t/bad");
  }

  @Test
  void file_cannotBeRead_keepsNoMemory() throws IOException {
    // What a read of a directory meets is an error of input and output, as of a failing disk.
    FileChannel whole = channel;
    channel = FileChannel.open(dir);
    whole.close();
    endpoint.peeked.put("/t/bad", _ -> slice(200, SMALL));
    RawClient.ask(address, "GET", "/t/memory");
    long before = bufferBytes.get();

    for (int i = 0; i < TRIES; i++) {
      assertCut("/t/bad");
    }

    RawClient.ask(address, "GET", "/t/memory");
    assertThat(bufferBytes.get() - before).isLessThan((long) TRIES * SMALL / 2);
  }

  @Test
  void connection_cutAfterItsClientLeft_harmsNobodyElse() throws Exception {
    List<Connection> gone = new CopyOnWriteArrayList<>();
    CountDownLatch seen = new CountDownLatch(1);
    endpoint.peeked.put(
        "/t/hold",
        request -> {
          Connection mine = ((VertxRequest) request).connection();
          mine.whenGone(seen::countDown);
          gone.add(mine);
          return ScriptedEndpoint.text(200, "held");
        });
    try (RawClient leaves = new RawClient(address)) {
      leaves.request("GET", "/t/hold");
      leaves.read(false);
    }
    assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();

    // The system gives the next one the descriptor that is free now.
    try (RawClient stays = new RawClient(address)) {
      stays.request("GET", "/t/fine");
      stays.read(false);
      gone.getFirst().cut();
      stays.request("GET", "/t/fine", "Connection: close");
      assertThat(stays.read(false).body()).hasSize(SMALL);
      assertThat(stays.readByte()).isEqualTo(-1);
    }
  }
}
