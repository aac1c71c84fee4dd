package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.serve.api.StoreMessages;
import dev.larder.store.StoreLock;
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
    "POST, /api/store/pull, 400",
    "POST, /api/store/verify, 400"
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
