package dev.larder.serve.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.DoorSettings;
import dev.larder.http.RawClient;
import dev.larder.http.RawClient.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that nobody sends who means well: each gets its error, and the next one its answer. */
@Timeout(60)
class OpenAiHostileTest extends OpenAiFixture {
  @Override
  DoorSettings settings() {
    return super.settings().withMemory(16 << 20);
  }

  @AfterEach
  void goesOn() throws IOException {
    assertThat(embed("\"input\":\"hello\"").status()).isEqualTo(200);
  }

  @Test
  void announcedBodyOf100MB_isRefusedBeforeItCame() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/v1/embeddings", "Content-Length: 100000000");

      Response response = client.read(false);

      assertThat(response.status()).isEqualTo(413);
      assertThat(error(response).path("type").asString()).isEqualTo("invalid_request_error");
      assertThat(error(response).path("code").asString()).isEqualTo("body_too_large");
    }
  }

  @Test
  void bodyThatNeverEnds_isCutWhenMemoryIsTaken() throws IOException {
    byte[] piece = "a".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/v1/embeddings", "Transfer-Encoding: chunked");
      for (int i = 0; i < 100; i++) {
        client.send(Integer.toHexString(piece.length) + "\r\n");
        client.send(piece);
        client.send("\r\n");
      }
      assertThat(client.read(false).status()).isIn(413, 503);
    } catch (SocketException e) {
      // The door closed while this still wrote.
      assertThat(e).hasMessageMatching("(?s).*(reset|[Bb]roken pipe|aborted).*");
    }
  }

  @Test
  void bodyThatComesSlowly_is408() throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/v1/embeddings", "Content-Length: 1000");
      client.send("{\"model\":");

      assertThat(client.read(false).status()).isEqualTo(408);
    }
  }

  @Test
  void tenThousandInputs_areRefusedAtThe2049th() throws IOException {
    Response response = embed("\"input\":[" + "\"a\",".repeat(9_999) + "\"a\"]");

    assertThat(response.status()).isEqualTo(400);
    assertThat(error(response).path("message").asString()).contains("2048");
    assertThat(models.loads).hasValue(0);
  }

  @Test
  void deepJson_isRefused() throws IOException {
    assertThat(embed("\"input\":" + "[".repeat(100_000)).status()).isEqualTo(400);
    assertThat(embed("\"x\":" + "{\"x\":".repeat(100_000)).status()).isEqualTo(400);
  }

  @Test
  void numbersThatAreNone_areRefused() throws IOException {
    for (String number : new String[] {"NaN", "Infinity", "1e999", "1" + "0".repeat(5_000)}) {
      assertThat(embed("\"input\":\"a\",\"dimensions\":" + number).status())
          .as(number)
          .isEqualTo(400);
    }
  }

  @Test
  void bytesThatAreNoUtf8_areRefused() throws IOException {
    byte[] bad =
        "{\"model\":\"tiny\",\"input\":\"\u00ff\u00fe\"}".getBytes(StandardCharsets.ISO_8859_1);
    try (RawClient client = new RawClient(address)) {
      client.request("POST", "/v1/embeddings", "Content-Length: " + bad.length);
      client.send(bad);

      assertThat(client.read(false).status()).isEqualTo(400);
    }
  }

  @Test
  void largeBodiesOfOneAddress_moreThanItsShare_waitAndAreRefused() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    models.meanwhile =
        () -> {
          reached.countDown();
          awaited(held);
        };
    // 2 for each byte while it comes and 4 to read it: 9 MB, where an address may have 8.
    String large = "\"input\":\"" + "a".repeat(1_500_000) + "\"";
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(() -> status(large), Thread::startVirtualThread);
    awaited(reached);

    Response second = embed(large);

    assertThat(second.status()).isEqualTo(503);
    assertThat(error(second).path("code").asString()).isEqualTo("memory_short");
    assertThat(second.header("Retry-After")).isNotEmpty();
    held.countDown();
    assertThat(first.get()).isEqualTo(200);
    assertThat(embed(large).status()).isEqualTo(200);
  }

  private int status(String fields) {
    try {
      return embed(fields).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
