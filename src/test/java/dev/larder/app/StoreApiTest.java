package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.serve.api.StoreMessages;
import dev.larder.store.StoreLock;
import dev.larder.testing.HubFault;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /api/store}: for the user who runs the server, and for nobody else. */
final class StoreApiTest extends SiteFixture {
  private static final String TOKEN = "hf_ann_secret";

  private String secret() {
    return switch (StoreLock.attempt(root.resolve("larder"))) {
      case StoreLock.Attempt.Theirs(var owner) -> owner.orElseThrow().secret();
      case StoreLock.Attempt.Mine _ -> throw new AssertionError("the server holds no lock");
    };
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/store/repos, 200",
    "GET, /api/store/stats, 200",
    "GET, /api/store/stats?since=2026-01-31T00:00:00Z, 200",
    "GET, /api/store/scrub, 200",
    "GET, /api/store/repos?files=false&rescan=true, 200",
    "GET, /api/store/why?target=o%2Fr, 200",
    "POST, /api/store/pull, 400",
    "POST, /api/store/verify, 400",
    "GET, /api/store/pins, 200",
    "POST, /api/store/pins, 400",
    "DELETE, /api/store/pins, 400",
    "GET, /api/store/evictions, 200",
    "DELETE, /api/store/evictions, 404",
    "GET, /api/tokens, 200",
    "POST, /api/tokens, 400",
    "POST, /api/tokens/revoke, 400",
    "GET, /api/grants, 200",
    "POST, /api/grants, 400",
    "DELETE, /api/grants, 404"
  })
  void everyPath_withoutTheSecret_isRefusedAndTellsNothing(
      String method, String path, int allowed) {
    repo.lfs("model.bin", new byte[1000]).commit("main");
    repo.privateTo(TOKEN);
    assertThat(get(MODEL, "Authorization", "Bearer " + TOKEN).status()).isEqualTo(200);
    String secret = secret();
    String wrong = "x" + secret.substring(1);

    for (String[] headers :
        new String[][] {
          {},
          {StoreMessages.SECRET_HEADER, wrong},
          {StoreMessages.SECRET_HEADER, secret + "0"},
          {StoreMessages.SECRET_HEADER, "x"},
          {"Authorization", "Bearer " + secret}
        }) {
      Got got = read(open(method, path, headers));
      assertThat(got.status()).isEqualTo(403);
      assertThat(got.text()).contains("not-allowed").doesNotContain("o/r", secret);
    }
    Got got = read(open(method, path, StoreMessages.SECRET_HEADER, secret));
    assertThat(got.status()).as(got.text()).isEqualTo(allowed);
    assertThat(got.text()).doesNotContain(secret);
  }

  @Test
  void why_ofAFileThatWasFetchedAndServed_saysTheMissAndNoToken() {
    repo.lfs("model.bin", new byte[1000]).commit("main");
    repo.privateTo(TOKEN);
    assertThat(get(MODEL, "Authorization", "Bearer " + TOKEN).status()).isEqualTo(200);
    assertThat(get(MODEL).status()).isNotEqualTo(200);

    Got got =
        read(
            open(
                "GET",
                "/api/store/why?target=o%2Fr%40main%3Amodel.bin",
                StoreMessages.SECRET_HEADER,
                secret()));

    assertThat(got.text())
        .contains("Nothing was known of main here.", "\"kind\":\"miss\"", "\"caller\":\"token-")
        .contains(
            "\"kind\":\"refused\"", "\"caller\":\"anonymous\"", "Only some callers may read it")
        .doesNotContain(TOKEN);
  }

  private Got why(String target) {
    return read(
        open(
            "GET",
            "/api/store/why?target=" + URLEncoder.encode(target, StandardCharsets.UTF_8),
            StoreMessages.SECRET_HEADER,
            secret()));
  }

  @Test
  void why_ofAFileThatIsBeingFetched_saysHowFarItIs() throws Exception {
    repo.lfs("model.bin", new byte[200_000]).commit("main");
    HubFault stall =
        hub.on(r -> r.method().equals("GET") && r.concerns("model.bin"))
            .stallAfter(100_000)
            .always();
    var running = getting(MODEL);
    stall.awaitMet();

    assertThat(why("o/r@main:model.bin").text()).contains("of 200.0 kB are here");
    assertThat(why("o/r").text()).contains("of 200.0 kB are here");

    hub.clearFaults();
    assertThat(running.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    restart(); // What was in the air has landed.
    assertThat(why("o/r").text()).doesNotContain("are here");
  }

  @Test
  void why_afterARemovalThroughTheServer_saysWhoRemovedItAndInventsNothing() {
    repo.lfs("model.bin", new byte[1000]).commit("main");
    assertThat(get(MODEL).status()).isEqualTo(200);
    restart(); // What was in the air has landed.
    Got removed =
        read(
            send(
                HttpRequest.newBuilder(URI.create(server().address() + "/api/store/remove"))
                    .POST(BodyPublishers.ofString("{\"targets\":[\"o/r\"]}"))
                    .header("Content-Type", "application/json")
                    .header(StoreMessages.SECRET_HEADER, secret())
                    .build()));
    assertThat(removed.status()).as(removed.text()).isEqualTo(200);
    assertThat(get(MODEL).status()).isEqualTo(200);

    assertThat(why("o/r@main:model.bin").text())
        .contains("\"kind\":\"removed\"", "\"caller\":\"admin\"", "larder rm")
        .contains("Nothing was known of main here.")
        .doesNotContain("not asked for before", "never fetched");
  }

  @Test
  void tokenThatIsNone_isABadRequestAndIsNotRepeated() throws Exception {
    start();
    Got got =
        read(
            open(
                "POST",
                "/api/store/pull",
                StoreMessages.SECRET_HEADER,
                secret(),
                StoreMessages.TOKEN_HEADER,
                "hf_two words"));
    assertThat(got.status()).isEqualTo(400);
    assertThat(got.text()).contains("token").doesNotContain("hf_two");
  }
}
