package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.larder.content.Revision;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.testing.HubRequest;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One caller asks the hub what a branch means, others wait for that, and it fails. */
final class SharedFailureTest extends MirrorFixture {
  private static final Caller BOB = upstreamCaller("hf_bob");

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayFail = new CountDownLatch(1);

  @BeforeEach
  void knowTheRepo() {
    repo.lfs("config.bin", Bytes.of(1, 100))
        .lfs("plan-of-ann.bin", Bytes.of(2, 100))
        .lfs("other.bin", Bytes.of(3, 100))
        .commit("main");
    hub.token("hf_ann", "ann");
    hub.token("hf_bob", "bob");
  }

  /** The branch is to be asked for again. */
  private void later() {
    now = now.plus(Duration.ofMinutes(2));
  }

  private HubFault held(Predicate<HubRequest> where) {
    return hub.on(
            request -> {
              if (!request.concerns("plan-of-ann.bin") || !where.test(request)) {
                return false;
              }
              asked.countDown();
              try {
                mayFail.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return true;
            })
        .always();
  }

  private CompletableFuture<Answer> waiting(EntryRequest request, Thread.State state) {
    return waiting(() -> mirror.open(request), state);
  }

  private static <T> CompletableFuture<T> waiting(Supplier<T> question, Thread.State state) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    answer.complete(question.get());
                  } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                  }
                });
    while (thread.getState() != state && !answer.isDone()) {
      Thread.onSpinWait();
    }
    return answer;
  }

  @Test
  void failureOfOneFile_isNobodyElses() throws InterruptedException {
    get(asking("config.bin", Caller.ANONYMOUS));
    later();
    HubFault _ = held(_ -> true).hangUp();
    CompletableFuture<Answer> first =
        waiting(asking("plan-of-ann.bin", ANN), Thread.State.RUNNABLE);
    asked.await();
    CompletableFuture<Answer> other = waiting(asking("other.bin", BOB), Thread.State.TIMED_WAITING);
    mayFail.countDown();

    assertThat(Throwables.getStackTrace(catchThrowable(first::join))).contains("plan-of-ann");
    assertThat(finish(other.join())).isEqualTo(CacheState.MISS);
  }

  @Test
  void limitOfOneToken_isNobodyElses() throws InterruptedException {
    repo.privateTo("hf_ann", "hf_bob");
    get(asking("config.bin", ANN));
    get(asking("config.bin", BOB));
    later();
    HubFault _ =
        held(request -> request.token().filter("hf_ann"::equals).isPresent())
            .status(429, "Retry-After", "300");
    CompletableFuture<Answer> first =
        waiting(asking("plan-of-ann.bin", ANN), Thread.State.RUNNABLE);
    asked.await();
    CompletableFuture<Answer> other = waiting(asking("other.bin", BOB), Thread.State.TIMED_WAITING);
    mayFail.countDown();

    assertThat(catchThrowable(first::join)).hasMessageContaining("limited by the hub");
    assertThat(finish(other.join())).isEqualTo(CacheState.MISS);
  }

  @Test
  void failureOfOneFile_isNotThatOfTheDescription() throws InterruptedException {
    repo.privateTo("hf_ann");
    get(asking("config.bin", ANN));
    later();
    HubFault _ = held(_ -> true).hangUp();
    CompletableFuture<Answer> _ = waiting(asking("plan-of-ann.bin", ANN), Thread.State.RUNNABLE);
    asked.await();
    CompletableFuture<DocumentAnswer> other =
        waiting(
            () ->
                mirror.document(
                    new DocumentRequest.Info(REPO, Optional.of(Revision.MAIN), ""), BOB),
            Thread.State.TIMED_WAITING);
    mayFail.countDown();

    assertThat(other.join()).isInstanceOf(DocumentAnswer.Refused.class);
  }
}
