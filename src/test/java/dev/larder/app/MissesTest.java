package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One caller who asks for very much that is not cached, and all others. */
final class MissesTest extends HubSite {
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient elsewhere = at("127.0.0.2");

  private static HttpClient at(String address) {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .localAddress(InetAddress.getByName(address))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void begin() {
    tuning = Tuning.DEFAULT; // A hub that is only slow is waited for.
    server();
  }

  @AfterEach
  void end() {
    hub.clearFaults();
    threads.shutdownNow();
    threads.close();
    elsewhere.close();
  }

  private Got elsewhere(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server().address() + path))
              .timeout(Duration.ofSeconds(40))
              .build();
      return read(elsewhere.send(request, BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Future<Got>> asking(int count, java.util.function.IntFunction<String> path) {
    return IntStream.range(0, count)
        .mapToObj(i -> threads.submit((Callable<Got>) () -> get(path.apply(i))))
        .toList();
  }

  private static List<Integer> statuses(List<Future<Got>> asked) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    for (Future<Got> one : asked) {
      statuses.add(one.get().status());
    }
    return statuses;
  }

  @Test
  void madeUpRepos_ofOneCaller_takeNotAllThePlaces() throws Exception {
    HubFault slow = hub.onPath("/made/up").always().delay(SLOW);
    List<Future<Got>> asked = asking(300, i -> "/hf/made/up" + i + "/resolve/main/x");
    slow.awaitMet(64);
    long begin = System.nanoTime();
    assertThat(elsewhere(CONFIG).status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    assertThat(statuses(asked)).as("they waited for their turn").containsOnly(401);
    assertThat(slow.mostAtOnce()).isEqualTo(64);
  }

  @Test
  void madeUpRevisions_waitTheirTurn_andAreToldToComeAgain() throws Exception {
    hub.onPath("/revision/made").always().delay(Duration.ofSeconds(19));
    List<Future<Got>> asked = asking(70, i -> "/hf/api/models/o/r/revision/made" + i);
    long refused = 0;
    for (Future<Got> one : asked) {
      Got got = one.get();
      if (got.status() == 429) {
        refused++;
        assertThat(got.header("Retry-After")).matches("[1-5]");
        assertThat(got.header("X-Error-Message")).contains("as much for this caller as it may");
      }
    }
    assertThat(refused).isEqualTo(6);
  }

  @Test
  void hundredsWhoAskForTheSame_areOneQuestion() throws Exception {
    hub.onFile("model.bin").delay(Duration.ofSeconds(1));
    assertThat(statuses(asking(300, _ -> MODEL))).containsOnly(200);
    assertThat(hub.downloads("model.bin")).hasSize(1);
    assertThat(hub.requests(r -> r.method().equals("HEAD"))).hasSizeLessThan(10);
  }

  @Test
  void manyFilesAtOnce_allCome() throws Exception {
    for (int i = 0; i < 400; i++) {
      repo.lfs("many/" + i + ".bin", Bytes.of(i, 2_000));
    }
    commit = repo.commit("main");
    assertThat(statuses(asking(400, i -> resolve(commit, "many/" + i + ".bin")))).containsOnly(200);
  }

  @Test
  void downloadsOfOneCaller_leaveRoomForOthers() throws Exception {
    for (int i = 0; i < 100; i++) {
      repo.lfs("much-" + i + ".bin", Bytes.of(i, 60_000));
    }
    for (int i = 0; i < 20; i++) {
      repo.lfs("little-" + i + ".bin", Bytes.of(1000 + i, 2_000));
    }
    commit = repo.commit("main");
    HubFault much = hub.onFile("much-").always().throttle(4_000);
    List<Future<Got>> asked = asking(100, i -> resolve(commit, "much-" + i + ".bin"));
    much.awaitMet(48);
    for (int i = 0; i < 20; i++) {
      long begin = System.nanoTime();
      assertThat(elsewhere(resolve(commit, "little-" + i + ".bin")).status()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    }
    assertThat(much.mostAtOnce()).isEqualTo(48);
    asked.forEach(one -> one.cancel(true));
  }

  @Test
  void guesses_leaveTheHubsLimitToOthers() throws Exception {
    hub.onPath("/")
        .always()
        .header("RateLimit", "\"resolvers\";r=700;t=60")
        .header("RateLimit-Policy", "\"fixed window\";\"resolvers\";q=3000;w=300");
    try (Logged log = new Logged()) {
      List<Integer> statuses = statuses(asking(400, i -> "/hf/made/up" + i + "/resolve/main/x"));
      assertThat(statuses).contains(401, 429);
      assertThat(log.about("caller.limited")).as("said once").hasSize(1);
    }
    assertThat(hub.requests()).hasSizeBetween(200, 300);
    assertThat(elsewhere(CONFIG).status()).isEqualTo(200);
    assertThat(get(CONFIG).status()).as("what is cached costs nothing").isEqualTo(200);
  }

  @Test
  void guesses_areTheHubsToJudge_whileItHasPlentyLeft() throws Exception {
    hub.onPath("/")
        .always()
        .header("RateLimit", "\"resolvers\";r=2900;t=60")
        .header("RateLimit-Policy", "\"fixed window\";\"resolvers\";q=3000;w=300");
    assertThat(statuses(asking(200, i -> "/hf/made/up" + i + "/resolve/main/x"))).containsOnly(401);
  }
}
