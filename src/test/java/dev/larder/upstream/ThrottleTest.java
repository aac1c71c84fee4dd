package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  @Test
  void pay_byManyTogether_keepsTheRate() {
    Throttle throttle = Throttle.of(1_000_000);
    long start = System.nanoTime();
    CompletableFuture<?>[] readers =
        IntStream.range(0, 4)
            .mapToObj(
                _ ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int paid = 0; paid < 100_000; paid += 10_000) {
                            throttle.pay(throttle.slice(10_000));
                          }
                        }))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(readers).join();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(took).isBetween(Duration.ofMillis(380), Duration.ofSeconds(3));
  }

  @Test
  void slice_isSmallWhenTheRateIs() {
    assertThat(Throttle.of(100_000).slice(1 << 20)).isEqualTo(5000);
    assertThat(Throttle.of(10).slice(1 << 20)).isEqualTo(1024);
    assertThat(Throttle.unlimited().slice(1 << 20)).isEqualTo(1 << 20);
  }
}
