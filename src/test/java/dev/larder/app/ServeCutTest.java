package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.RawClient;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file whose last byte is not what was promised: its readers must see that they lack some. */
final class ServeCutTest extends SiteFixture {
  private static final int SIZE = 3 << 20;

  /** Many clients take the end of a connection for the end of a file, but none a reset. */
  @ParameterizedTest
  @CsvSource({
    "bytes=0-, close",
    "bytes=1048576-, close",
    "'', close",
    "'', keep-alive",
    "bytes=1048576-, keep-alive"
  })
  void reader_lastByteIsWrong_isCutBeforeTheEnd(String range, String connection) throws Exception {
    byte[] bytes = Bytes.of(3, SIZE);
    repo.lfs("model.bin", bytes).commit("main");
    hub.onFile("").corrupt(SIZE - 1).always();
    URI address = server().address();
    try (RawClient client =
        new RawClient(new InetSocketAddress(address.getHost(), address.getPort()))) {
      String wanted = range.isEmpty() ? "X-Range: none" : "Range: " + range;
      client.request("GET", MODEL, "Connection: " + connection, wanted);
      RawClient.Response head = client.readHead();
      assertThat(head.status()).isEqualTo(range.isEmpty() ? 200 : 206);
      int promised = Integer.parseInt(head.header("Content-Length"));

      int[] taken = {0};
      assertThatThrownBy(() -> drain(client, taken))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThat(taken[0]).isLessThan(promised);
    }
    assertThat(stop().blobs()).isEmpty();
  }

  private static void drain(RawClient client, int[] taken) throws IOException {
    for (int n; (n = client.readBytes(1024).length) > 0; ) {
      taken[0] += n;
    }
  }
}
