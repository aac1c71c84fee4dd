package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.larder.access.Principal;
import dev.larder.catalog.Catalog.Counts;
import dev.larder.catalog.Catalog.TrafficOf;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.CatalogException;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.content.LarderException;
import dev.larder.testing.Bytes;
import dev.larder.upstream.Credential;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class TrafficTest extends MirrorFixture {
  private static final int SIZE = 100_000;

  private Counts counted() {
    traffic.flush();
    List<TrafficRow> rows = catalog.traffic(TrafficOf.REPO, Instant.EPOCH);
    assertThat(rows).hasSize(1);
    return rows.getFirst().counts();
  }

  private void offer() {
    repo.lfs("model.bin", Bytes.of(1, SIZE)).commit("main");
  }

  @Test
  void flush_thatFails_losesNoCountAndNoUse() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    get(asking("model.bin", Caller.ANONYMOUS));
    watched.failing = true;
    assertThatThrownBy(traffic::flush).isInstanceOf(CatalogException.class);
    assertThatThrownBy(traffic::flush).isInstanceOf(CatalogException.class);
    watched.failing = false;
    Counts row = counted();
    assertThat(row.hits()).isEqualTo(1);
    assertThat(row.misses()).isEqualTo(1);
    assertThat(row.upstreamBytes()).isEqualTo(SIZE);
    assertThat(catalog.lastUses().get(REPO)).containsValue(now);
  }

  @Test
  void hit_countsWhatTheClientWasSent() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    Answer.Ready hit = (Answer.Ready) mirror.open(asking("model.bin", Caller.ANONYMOUS));
    hit.lease().close();
    assertThat(counted().servedBytes()).isZero();
    hit.served().accept(10);
    assertThat(counted().servedBytes()).isEqualTo(10);
  }

  @Test
  void download_thatBypassesTheStore_isCounted() {
    offer();
    hub.on(r -> r.concerns("model.bin")).header("X-Linked-Etag", "W/\"odd\"").always();
    hub.on(r -> true).etag("W/\"odd\"").always();
    Answer answer = mirror.open(asking("model.bin", Caller.ANONYMOUS));
    assertThat(answer).isInstanceOf(Answer.Passing.class);
    Answer.Passing passing = (Answer.Passing) answer;
    try (var body = passing.body()) {
      byte[] piece = new byte[SIZE];
      for (int got; (got = body.read(piece, 0, SIZE)) >= 0; ) {
        passing.served().accept(got);
      }
    }
    Counts row = counted();
    assertThat(row.misses()).isEqualTo(1);
    assertThat(row.bypassed()).isEqualTo(1);
    assertThat(row.servedBytes()).isEqualTo(SIZE);
    assertThat(row.upstreamBytes()).isEqualTo(SIZE);
  }

  @Test
  void callers_areCountedEachByItself_withoutTheirTokens() {
    offer();
    Caller account = new Caller(new Principal.Account("17"), Credential.ANONYMOUS, false);
    get(asking("model.bin", Caller.ANONYMOUS));
    get(asking("model.bin", account));
    get(asking("model.bin", account));
    traffic.flush();

    assertThat(catalog.traffic(TrafficOf.CALLER, Instant.EPOCH))
        .extracting(TrafficRow::name, row -> row.counts().hits(), row -> row.counts().misses())
        .containsExactly(tuple("account-17", 2L, 0L), tuple("anonymous", 0L, 1L));
  }

  /** Whatever tokens were made up; what was counted is not forgotten. */
  @Test
  void daysOfLongAgo_areKeptTogether_andSoAreTokensOfThen() {
    Principal account = new Principal.Account("17");
    for (int day = 0; day < 40; day++) {
      count(new Principal.Upstream("made-up-" + day));
      count(account);
      traffic.flush();
      now = now.plus(Duration.ofDays(1));
    }
    assertThat(catalog.trafficByDay(Instant.EPOCH)).hasSize(40);
    assertThat(catalog.traffic(TrafficOf.CALLER, Instant.EPOCH)).hasSize(41);

    now = now.plus(Duration.ofDays(90));
    count(account);
    traffic.flush();

    assertThat(catalog.trafficByDay(Instant.EPOCH)).hasSizeBetween(3, 4);
    for (Instant since : List.of(Instant.EPOCH, now.minus(Duration.ofDays(170)))) {
      assertThat(catalog.traffic(TrafficOf.CALLER, since))
          .extracting(TrafficRow::name, row -> row.counts().hits())
          .containsExactly(tuple(Tallies.OTHERS, 40L), tuple("account-17", 41L));
      assertThat(catalog.traffic(TrafficOf.REPO, since))
          .extracting(row -> row.counts().hits())
          .containsExactly(81L);
    }
  }

  private void count(Principal principal) {
    Caller caller = new Caller(principal, Credential.ANONYMOUS, false);
    traffic.count(asking("model.bin", caller), CacheState.HIT);
  }

  @Test
  void callers_withThoseThatWereRefused_haveTheSumOfTheRepos() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    traffic.refused();
    traffic.passed();
    traffic.passed(70);
    traffic.flush();

    assertThat(sum(TrafficOf.CALLER)).isEqualTo(sum(TrafficOf.REPO));
    assertThat(catalog.traffic(TrafficOf.CALLER, Instant.EPOCH))
        .extracting(TrafficRow::name)
        .containsExactly("(passed)", "(refused)", "anonymous");
  }

  private List<Long> sum(TrafficOf what) {
    List<Counts> all =
        catalog.traffic(what, Instant.EPOCH).stream().map(TrafficRow::counts).toList();
    return List.of(
        all.stream().mapToLong(Counts::misses).sum(),
        all.stream().mapToLong(Counts::servedBytes).sum(),
        all.stream().mapToLong(Counts::upstreamBytes).sum());
  }

  /** Whoever asks for the counts is not told less than was counted before. */
  @Test
  void flush_duringAnotherOne_waitsForIt() throws Exception {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    watched.beforeTraffic =
        () -> {
          writing.countDown();
          awaited(goOn);
        };
    Thread first = Thread.ofPlatform().start(traffic::flush);
    awaited(writing);
    Thread second = Thread.ofPlatform().start(traffic::flush);
    while (second.getState() == Thread.State.NEW || second.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    boolean over = second.getState() == Thread.State.TERMINATED;
    goOn.countDown();
    first.join();
    second.join();

    assertThat(over).isFalse();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tallies_moreNamesThanThereIsRoomFor_areCountedTogether() {
    Tallies<Integer> tallies = new Tallies<>(2, String::valueOf);
    for (int i = 0; i < 5; i++) {
      tallies.of(i).count(CacheState.JOINED);
    }

    assertThat(tallies.take().values())
        .extracting(Tallies.Taken::name, taken -> taken.counts().joined())
        .containsExactlyInAnyOrder(tuple("0", 1L), tuple("1", 1L), tuple(Tallies.OTHERS, 3L));
  }

  @Test
  void decisions_sayWhyItWasAMiss_andNothingOfAHit() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    get(asking("model.bin", Caller.ANONYMOUS));
    traffic.flush();

    assertThat(catalog.decisions().of(REPO, "", "model.bin", 9))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.kind()).isEqualTo(DecisionRow.MISS);
              assertThat(row.detail()).isEqualTo("Nothing was known of main here.");
              assertThat(row.caller()).isEqualTo("anonymous");
            });
  }

  @Test
  void decisions_ofABranchThatMoved_nameBothCommits() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    repo.lfs("model.bin", Bytes.of(2, SIZE)).commit("main");
    now = now.plus(Duration.ofDays(1));
    get(asking("model.bin", Caller.ANONYMOUS));
    traffic.flush();

    assertThat(catalog.decisions().of(REPO, "", "model.bin", 9).getFirst().detail())
        .matches("main moved from [0-9a-f]{40} to [0-9a-f]{40}\\.");
  }

  @Test
  void decisions_thatCannotBeWritten_waitForTheNextTime() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    watched.failing = true;
    assertThatThrownBy(traffic::flush).isInstanceOf(CatalogException.class);
    watched.failing = false;
    traffic.flush();

    assertThat(catalog.decisions().of(REPO, "", "model.bin", 9)).hasSize(1);
  }

  @Test
  void decisions_ofAFileThatIsPolledForHours_areOneRow() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    hub.away();
    for (int i = 0; i < 5; i++) {
      now = now.plus(Duration.ofHours(1));
      assertThat(get(asking("model.bin", Caller.ANONYMOUS))).isEqualTo(CacheState.STALE);
      traffic.flush();
    }

    List<DecisionRow> rows = catalog.decisions().of(REPO, "", "model.bin", 9);
    assertThat(rows)
        .extracting(DecisionRow::kind, DecisionRow::times)
        .containsExactly(tuple(DecisionRow.STALE, 5L), tuple(DecisionRow.MISS, 1L));
    assertThat(rows.getFirst().at()).isEqualTo(now);
  }

  @Test
  void decisions_ofAQuestionAboutTheRepo_areWrittenDownWhenTheHubIsAway() {
    offer();
    hub.away();
    assertThatThrownBy(
            () ->
                mirror.document(
                    new DocumentRequest.Info(REPO, Optional.empty(), ""), Caller.ANONYMOUS))
        .isInstanceOf(LarderException.class);
    traffic.flush();

    assertThat(catalog.decisions().of(REPO, "main", "", 9))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.kind()).isEqualTo(DecisionRow.FAILED);
              assertThat(row.detail()).isNotBlank().doesNotContain("http://");
            });
  }
}
