package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SharedTest {
  private final Shared<String, Integer> shared = new Shared<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch asking = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  private int slow() {
    asking.countDown();
    try {
      answer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return asked.incrementAndGet();
  }

  /** A thread that waits for somebody else's answer. */
  private Thread follower(CompletableFuture<Integer> result) throws InterruptedException {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    result.complete(shared.get("a", asked::incrementAndGet));
                  } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                  }
                });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void callers_atTheSameTime_shareOneAnswer() throws InterruptedException {
    Thread.startVirtualThread(() -> shared.get("a", this::slow));
    asking.await();
    List<CompletableFuture<Integer>> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(new CompletableFuture<>());
      follower(others.getLast());
    }
    answer.countDown();
    assertThat(others).allSatisfy(other -> assertThat(other.join()).isEqualTo(1));
    assertThat(asked).hasValue(1);
  }

  @Test
  void callers_oneAfterTheOther_askAnew() {
    assertThat(shared.get("a", asked::incrementAndGet)).isEqualTo(1);
    assertThat(shared.get("a", asked::incrementAndGet)).isEqualTo(2);
    assertThat(shared.get("b", asked::incrementAndGet)).isEqualTo(3);
  }

  @Test
  void failure_reachesItsCallerAndIsForgotten() {
    assertThatThrownBy(
            () ->
                shared.get(
                    "a",
                    () -> {
                      throw new IllegalArgumentException("no");
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(shared.get("a", asked::incrementAndGet)).isEqualTo(1);
  }

  @Test
  void askerInterrupted_anotherAsks() throws InterruptedException {
    Thread first =
        Thread.ofPlatform()
            .start(
                () ->
                    assertThatThrownBy(() -> shared.get("a", this::slow))
                        .hasMessageContaining("interrupted"));
    asking.await();
    CompletableFuture<Integer> other = new CompletableFuture<>();
    follower(other);
    first.interrupt();
    assertThat(other.join()).isEqualTo(1);
    first.join();
  }
}
