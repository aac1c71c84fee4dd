package dev.larder.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Shares.Holder;
import dev.larder.content.Shares.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharesTest {
  private static final Holder ANN = new Holder("ann", "a");
  private static final Holder BOB = new Holder("bob", "a");
  private static final Holder CAT = new Holder("cat", "c");
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Shares shares = new Shares(new Shares.Limits(8, 4, 6, 3));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private Share take(Holder holder, long amount) {
    return shares.take(holder, amount, Duration.ZERO).orElseThrow();
  }

  private boolean refused(Holder holder, long amount) {
    return shares.take(holder, amount, Duration.ZERO).isEmpty();
  }

  private CompletableFuture<Share> waiting(Holder holder, long amount) throws Exception {
    CompletableFuture<Void> waits = new CompletableFuture<>();
    CompletableFuture<Share> got =
        CompletableFuture.supplyAsync(
            () -> shares.take(holder, amount, LONG, () -> waits.complete(null)).orElseThrow(),
            threads);
    waits.get(5, TimeUnit.SECONDS);
    return got;
  }

  @Test
  void whoGivesUp_waitsNoMore_andKeepsWhatItHas() throws Exception {
    Share anns = take(ANN, 3);
    Share _ = take(CAT, 4);
    Share _ = take(BOB, 1);
    CompletableFuture<Void> waits = new CompletableFuture<>();
    CompletableFuture<Boolean> more =
        CompletableFuture.supplyAsync(
            () -> anns.grow(2, LONG, () -> waits.complete(null)), threads);
    waits.get(5, TimeUnit.SECONDS);

    anns.giveUp();

    assertThat(more.get(5, TimeUnit.SECONDS)).isFalse();
    assertThat(shares.waiting()).isZero();
    assertThat(anns.grow(1, LONG)).isFalse();
    assertThat(refused(ANN, 2)).isTrue();
    anns.close();
    assertThat(refused(ANN, 3)).isFalse();
  }

  @Test
  void holder_hasItsShare_andItsAddressHasOne() {
    Share _ = take(ANN, 4);
    assertThat(refused(ANN, 1)).isTrue();
    Share bobs = take(BOB, 2);
    assertThat(refused(BOB, 1)).as("six at one address").isTrue();
    Share _ = take(CAT, 2);
    assertThat(shares.exhausted()).isTrue();
    bobs.close();
    assertThat(refused(BOB, 2)).isFalse();
  }

  @Test
  void loneTake_mayBeMoreThanAll_whileNobodyHasAny() {
    Share much = take(ANN, 100);
    assertThat(refused(CAT, 1)).isTrue();
    much.close();
    Share _ = take(CAT, 1);
    assertThat(refused(ANN, 100)).isTrue();
  }

  @Test
  void whoWaitsForItsOwnShare_holdsNobodyUp() throws Exception {
    Share anns = take(ANN, 4);
    CompletableFuture<Share> more = waiting(ANN, 1);
    assertThat(refused(CAT, 1)).isFalse();
    anns.close();
    assertThat(more.get(5, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void whoWaitsForOthers_isNotOvertaken() throws Exception {
    Share anns = take(ANN, 4);
    Share cats = take(CAT, 3);
    CompletableFuture<Share> bobs = waiting(BOB, 2);
    assertThat(refused(CAT, 1)).as("one is left, and Bob came first").isTrue();
    assertThat(cats.tryGrow(1)).isFalse();
    anns.close();
    assertThat(bobs.get(5, TimeUnit.SECONDS)).isNotNull();
    assertThat(cats.tryGrow(1)).isTrue();
  }

  @Test
  void tooManyWaiting_areRefusedAtOnce() throws Exception {
    Share _ = take(ANN, 4);
    List<CompletableFuture<Share>> queue = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      queue.add(waiting(ANN, 1));
    }
    long begin = System.nanoTime();
    assertThat(shares.take(ANN, 1, LONG)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);
    assertThat(queue).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void closedShare_takesNoMore_andGivesBackOnce() {
    Share share = take(ANN, 3);
    share.shrink(1);
    Share more = take(ANN, 3);
    share.close();
    share.close();
    assertThat(share.tryGrow(1)).isFalse();
    assertThat(share.grow(1, LONG)).isFalse();
    more.close();
    assertThat(take(ANN, 8)).isNotNull();
  }

  @Test
  void interruptedWaiter_leavesTheQueue() throws Exception {
    Share anns = take(ANN, 4);
    CompletableFuture<Optional<Share>> result = new CompletableFuture<>();
    CompletableFuture<Void> waits = new CompletableFuture<>();
    Thread waiter =
        Thread.startVirtualThread(
            () -> result.complete(shares.take(ANN, 1, LONG, () -> waits.complete(null))));
    waits.get(5, TimeUnit.SECONDS);
    waiter.interrupt();
    assertThat(result.get(5, TimeUnit.SECONDS)).isEmpty();
    anns.close();
    assertThat(refused(ANN, 4)).isFalse();
  }

  @Test
  void manyAtOnce_neverHaveMoreThanThereIs_andGiveAllBack() throws Exception {
    var most = new java.util.concurrent.atomic.AtomicInteger();
    var now = new java.util.concurrent.atomic.AtomicInteger();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Holder holder = new Holder("h" + i % 67, "a" + i % 67);
      all.add(
          CompletableFuture.runAsync(
              () -> {
                try (Share _ = shares.take(holder, 2, LONG).orElseThrow()) {
                  most.accumulateAndGet(now.addAndGet(2), Math::max);
                  Thread.yield();
                  now.addAndGet(-2);
                }
              },
              threads));
    }
    for (CompletableFuture<Void> one : all) {
      one.get(20, TimeUnit.SECONDS);
    }
    assertThat(most.get()).isLessThanOrEqualTo(8);
    assertThat(take(CAT, 8)).isNotNull();
  }
}
