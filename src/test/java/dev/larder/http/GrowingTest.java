package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.RawClient.Response;
import dev.larder.transfer.TransferException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file that is sent while it is written. */
@Timeout(60)
class GrowingTest {
  private static final int SIZE = 3_000_000;

  @TempDir Path dir;
  private final ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
  private final byte[] bytes = new byte[SIZE];
  private Door door;
  private InetSocketAddress address;
  private FileChannel channel;
  private Body body;

  @BeforeEach
  void open() throws IOException {
    new Random(11).nextBytes(bytes);
    channel = FileChannel.open(Files.write(dir.resolve("f"), bytes));
    body = new Body(channel, 10, SIZE);
    endpoint.answered.put(
        "/t/g", _ -> new Reply.Growing(200, List.of(Header.of("ETag", "\"x\"")), body));
    door = new Door(oneLoop(), List.of(endpoint), InstantSource.system());
    address = door.start();
  }

  /** All connections share it, so whoever holds it up holds up everybody. */
  private static DoorSettings oneLoop() {
    DoorSettings.Limits limits = DoorSettings.Limits.DEFAULT;
    return new DoorSettings(
        "127.0.0.1", 0, Optional.empty(), Set.of(), 1, 100, 100, limits, 8 << 20);
  }

  @AfterEach
  void close() throws IOException {
    door.close();
    channel.close();
  }

  @Test
  void bytes_areSentAsTheyLand() throws Exception {
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/g");
      body.land(1000);
      Response head = client.readHead();
      assertThat(head.header("content-length")).isEqualTo("" + (SIZE - 10));
      assertThat(client.readBytes(990)).isEqualTo(Arrays.copyOfRange(bytes, 10, 1000));

      body.land(2_000_000);
      assertThat(client.readBytes(1_999_000)).isEqualTo(Arrays.copyOfRange(bytes, 1000, 2_000_000));

      body.land(SIZE);
      assertThat(client.readBytes(SIZE - 2_000_000))
          .isEqualTo(Arrays.copyOfRange(bytes, 2_000_000, SIZE));
      assertThat(body.closed.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(channel.isOpen()).isTrue();

      endpoint.peeked.put("/t/a", _ -> ScriptedEndpoint.text(200, "goes on"));
      client.request("GET", "/t/a");
      assertThat(client.read(false).text()).isEqualTo("goes on");
    }
  }

  @Test
  void head_asked_isAnsweredWithoutWaiting() throws Exception {
    Response head = RawClient.ask(address, "HEAD", "/t/g");

    assertThat(head.header("content-length")).isEqualTo("" + (SIZE - 10));
    assertThat(body.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void failure_beforeTheFirstByte_isAnAnswer() throws Exception {
    body.fail(new TransferException.ContentMismatch("It is not what it should be.", null));

    Response got = RawClient.ask(address, "GET", "/t/g");

    assertThat(got.status()).isEqualTo(502);
    assertThat(got.text()).startsWith("content-mismatch");
    assertThat(body.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void failure_later_cutsTheConnection() throws Exception {
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/g");
      body.land(1000);
      client.readHead();
      client.readBytes(990);

      body.fail(new TransferException.ContentMismatch("It is not what it should be.", null));

      assertThatThrownBy(client::readRest).hasMessageContaining("reset");
      assertThat(body.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void client_leavesWhileNothingLands_closesTheBody() throws Exception {
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/g");
      body.land(1000);
      client.readHead();
      client.readBytes(990);
    }

    assertThat(body.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void client_leavesBeforeTheFirstByte_closesTheBody() throws Exception {
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/g");
      assertThat(body.awaited.await(10, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(body.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void client_leavesAndClosingTakesLong_othersAreAnswered() throws Exception {
    CountDownLatch slowDisk = body.holdClose();
    endpoint.peeked.put("/t/a", _ -> ScriptedEndpoint.text(200, "at once"));
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/g");
      assertThat(body.awaited.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(body.closing.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(RawClient.ask(address, "GET", "/t/a").text()).isEqualTo("at once");

    slowDisk.countDown();
    assertThat(body.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void client_leavesWhileTheAnswerBeforeStillCloses_closesTheBody() throws Exception {
    CountDownLatch slowDisk = body.holdClose();
    body.land(SIZE);
    Body second = new Body(channel, 0, SIZE);
    endpoint.answered.put("/t/h", _ -> new Reply.Growing(200, List.of(), second));
    try (RawClient client = new RawClient(address)) {
      client.request("GET", "/t/g");
      client.readHead();
      client.readBytes(SIZE - 10);
      client.request("GET", "/t/h");
      assertThat(second.awaited.await(10, TimeUnit.SECONDS)).isTrue();
      slowDisk.countDown();
      body.reader.join();
    }

    assertThat(second.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static final class Body implements Reply.GrowingBody {
    private final FileChannel channel;
    private final long start;
    private final long end;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch awaited = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private CountDownLatch mayClose = new CountDownLatch(0);
    private volatile Thread reader;
    private long landed;
    private RuntimeException failure;

    Body(FileChannel channel, long start, long end) {
      this.channel = channel;
      this.start = start;
      this.end = end;
    }

    /** Like a disk that takes its time, until the latch is counted down. */
    CountDownLatch holdClose() {
      mayClose = new CountDownLatch(1);
      return mayClose;
    }

    synchronized void land(long position) {
      landed = position;
      notifyAll();
    }

    synchronized void fail(RuntimeException why) {
      failure = why;
      notifyAll();
    }

    @Override
    public long start() {
      return start;
    }

    @Override
    public long end() {
      return end;
    }

    @Override
    public synchronized long awaitReadable(long position) {
      reader = Thread.currentThread();
      awaited.countDown();
      try {
        while (landed <= position && failure == null) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failure != null) {
        throw failure;
      }
      return landed;
    }

    @Override
    public FileChannel channel() {
      return channel;
    }

    @Override
    public void close() {
      closing.countDown();
      try {
        mayClose.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      fail(new TransferException.Interrupted("The reader left."));
      closed.countDown();
    }
  }
}
