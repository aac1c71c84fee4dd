package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.StoreLock;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A hub that limits how often it is asked. */
final class ServeLimitsTest extends SiteFixture {
  private static final Duration LATE = Duration.ofSeconds(61);
  private static final String INFO = "/hf/api/models/o/r/revision/main";
  private final byte[] bytes = Bytes.of(1, 300_000);

  private void offer() {
    repo.lfs("model.bin", bytes);
    IntStream.range(0, 20).forEach(i -> repo.file("part-" + i, "part " + i));
    repo.commit("main");
  }

  private static String part(int i) {
    return "/hf/o/r/resolve/main/part-" + i;
  }

  private static boolean isApi(HubRequest request) {
    return request.path().startsWith("/api/") && !request.path().startsWith("/api/resolve-cache/");
  }

  private static boolean isFile(HubRequest request) {
    return request.server() == HubRequest.Server.HUB && !isApi(request);
  }

  private static void assertRefusedForNow(Got got) {
    assertThat(got.status()).isEqualTo(503);
    assertThat(Integer.parseInt(got.header("Retry-After"))).isBetween(1, 5);
    assertThat(got.header("X-Error-Code")).isEmpty();
  }

  @Test
  void clockRuns_coldFiles_areRefusedAndTheHubIsAskedOnce() {
    offer();
    hub.on(ServeLimitsTest::isFile).status(429, "RateLimit", "\"resolvers\";r=0;t=55").always();

    assertRefusedForNow(get(part(0)));
    var clients = IntStream.range(1, 20).mapToObj(i -> getting(part(i))).toList();
    clients.forEach(client -> assertRefusedForNow(client.join()));

    assertThat(hub.requests(ServeLimitsTest::isFile)).hasSize(1);
    assertThat(get(INFO).status()).isEqualTo(200); // The hub counts these apart.
  }

  @Test
  void clockRuns_cachedFilesAndDocuments_areStaleAtOnceAndTheHubIsNotAsked() {
    offer();
    get(MODEL);
    get(INFO);
    clock.pass(LATE);
    hub.on(_ -> true).status(429, "Retry-After", "60").always();
    get(part(0));
    get("/hf/api/models/o/r/refs");
    hub.clearLog();

    for (int i = 0; i < 5; i++) {
      for (Got got : List.of(get(MODEL), head(MODEL), get(INFO))) {
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.cache()).isEqualTo("STALE");
        assertThat(got.header("X-HF-Warning")).startsWith("larder-stale;");
      }
    }
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void shortClock_coldFiles_waitForItAndArrive() {
    offer();
    hub.on(ServeLimitsTest::isFile).status(429, "Retry-After", "1");

    var clients = IntStream.range(0, 20).mapToObj(i -> getting(part(i))).toList();

    for (int i = 0; i < 20; i++) {
      assertThat(clients.get(i).join().text()).isEqualTo("part " + i);
    }
  }

  /** As the hub does it: the last answer of a window says that nothing is left. */
  @Test
  void goodAnswer_withNothingLeft_isTheLastForAWhile() {
    offer();
    hub.on(ServeLimitsTest::isApi)
        .header("RateLimit", "\"api\";r=0;t=50")
        .header("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300");

    assertThat(get(INFO).status()).isEqualTo(200);
    assertRefusedForNow(get("/hf/api/models/o/other"));

    assertThat(hub.requests(ServeLimitsTest::isApi)).hasSize(1);
    var limit = asked().getFirst();
    assertThat(limit.bucket()).isEqualTo("api");
    assertThat(limit.own()).isFalse();
    assertThat(limit.remaining()).hasValue(0L);
    assertThat(limit.quota()).hasValue(500L);
    assertThat(limit.windowSeconds()).hasValue(300L);
    assertThat(limit.restSeconds()).isBetween(40L, 50L);
  }

  /** The clock is of the process. */
  @Test
  void restart_forgetsTheClock() {
    offer();
    hub.on(ServeLimitsTest::isFile).status(429, "Retry-After", "300");
    assertRefusedForNow(get(MODEL));
    restart();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(asked()).isEmpty();
  }

  private List<dev.larder.upkeep.StatsReport.Limit> asked() {
    StoreLock.Attempt attempt = StoreLock.attempt(root.resolve("larder"));
    if (!(attempt instanceof StoreLock.Attempt.Theirs(var owner))) {
      throw new IllegalStateException("no server holds the store: " + attempt);
    }
    try (ServerLarder larder = new ServerLarder(owner.orElseThrow(), Optional.empty(), false)) {
      return larder.stats(Optional.empty()).limits();
    }
  }
}
