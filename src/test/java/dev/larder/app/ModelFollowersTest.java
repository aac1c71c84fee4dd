package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.RawClient;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that follow a load, beside others who wait for the same one. */
@Timeout(120)
final class ModelFollowersTest extends ModelSite {
  @Test
  void clientThatFollowsALoadAndLeaves_harmsNobodyWhoWaitsForIt() throws Exception {
    register("minilm");
    hub.throttle(10_000_000);
    CompletableFuture<Got> other;
    try (RawClient client = new RawClient(address())) {
      client.request(
          "POST", "/api/models/minilm/load", "Accept: application/x-ndjson", "Content-Length: 0");
      assertThat(client.readHead().status()).isEqualTo(200);
      other = CompletableFuture.supplyAsync(() -> embed("minilm", "a"), Thread::startVirtualThread);
    }

    assertThat(other.get().status()).as(other.get().text()).isEqualTo(200);
    assertThat(hub.fileBytesSent())
        .isEqualTo(json(get("/api/models/minilm")).path("size_bytes").asLong());
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(server().address().getHost(), server().address().getPort());
  }
}
