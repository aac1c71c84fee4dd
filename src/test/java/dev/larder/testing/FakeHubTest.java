package dev.larder.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The fake seen by a client that is not ours. */
class FakeHubTest {
  private static HttpResponse<byte[]> get(HttpClient client, URI address, String... headers)
      throws IOException, InterruptedException {
    var request = java.net.http.HttpRequest.newBuilder(address);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void generatedFile_isTheSameWhereverItIsReadFrom() throws Exception {
    FakeContent content = FakeContent.generated(200_000, 3);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    content.write(whole, 0, 200_000);
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    content.write(part, 65_530, 131_080);
    assertThat(part.toByteArray())
        .isEqualTo(Arrays.copyOfRange(whole.toByteArray(), 65_530, 131_080));
    assertThat(content.sha256())
        .isEqualTo(Digest.of(MessageDigest.getInstance("SHA-256").digest(whole.toByteArray())));
  }

  @Test
  void largeFile_comesFromTheOtherHostAndIsCounted() throws Exception {
    try (FakeHub hub = FakeHub.start();
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
      FakeRepo repo = hub.model("o/n").lfsGenerated("big.bin", 1 << 20, 5);
      var commit = repo.commit("main");
      var whole = get(client, hub.uri().resolve("/o/n/resolve/main/big.bin"));
      assertThat(Digest.of(MessageDigest.getInstance("SHA-256").digest(whole.body())))
          .isEqualTo(repo.file(commit, "big.bin").content().sha256());
      assertThat(hub.fileBytesSent()).isEqualTo(1 << 20);
      assertThat(hub.downloads("big.bin")).hasSize(1);
      var part = get(client, hub.uri().resolve("/o/n/resolve/main/big.bin"), "Range", "bytes=-5");
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).hasSize(5);
    }
  }
}
