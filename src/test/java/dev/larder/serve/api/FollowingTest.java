package dev.larder.serve.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.EntryPath;
import dev.larder.http.ClientGone;
import dev.larder.mirror.PulledFile;
import dev.larder.serve.api.ModelMessages.Event;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FollowingTest {
  private static final EntryPath PATH = new EntryPath("model.onnx");
  private static final PulledFile FILE = new PulledFile(PATH, 9, PulledFile.State.FETCHED);

  private final List<Event> told = new CopyOnWriteArrayList<>();

  @Test
  void clientThatReadsSlowly_holdsNobodyUp_andMissesProgressAlone() {
    CountDownLatch reads = new CountDownLatch(1);
    try (Following following =
        new Following(
            event -> {
              awaited(reads);
              told.add(event);
            })) {
      following.planned(List.of(FILE));
      for (int i = 0; i < 10_000; i++) {
        following.progress(PATH, i, 10_000);
      }
      following.done(FILE);
      assertThat(told).isEmpty();
      reads.countDown();
    }

    assertThat(told).hasSizeBetween(3, 100);
    assertThat(told.getFirst().planned()).containsExactly(FILE);
    assertThat(told.getLast().done()).isEqualTo(FILE);
  }

  @Test
  void clientThatLeft_isToldNothingMore() {
    CountDownLatch left = new CountDownLatch(1);
    try (Following following =
        new Following(
            event -> {
              told.add(event);
              left.countDown();
              throw new ClientGone("It left.");
            })) {
      following.planned(List.of(FILE));
      awaited(left);
      for (int i = 0; i < 1000; i++) {
        following.done(FILE);
      }
    }

    assertThat(told).hasSize(1);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
