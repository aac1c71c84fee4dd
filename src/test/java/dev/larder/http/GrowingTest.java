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
import java.util.Random;
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
    door = new Door(DoorSettings.at("127.0.0.1", 0), List.of(endpoint), InstantSource.system());
    address = door.start();
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

  private static final class Body implements Reply.GrowingBody {
    private final FileChannel channel;
    private final long start;
    private final long end;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch awaited = new CountDownLatch(1);
    private long landed;
    private RuntimeException failure;

    Body(FileChannel channel, long start, long end) {
      this.channel = channel;
      this.start = start;
      this.end = end;
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
      fail(new TransferException.Interrupted("The reader left."));
      closed.countDown();
    }
  }
}
