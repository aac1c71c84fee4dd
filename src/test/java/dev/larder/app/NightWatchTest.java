package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.CheckRows.ScrubRow;
import dev.larder.mirror.Caller;
import dev.larder.settings.Settings;
import dev.larder.testing.Bytes;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The scrub of a server that is told to stop. */
final class NightWatchTest extends SiteFixture {
  @Test
  void close_whileABlobIsHashedSlowly_endsAtOnceAndTheBlobBeginsAnew() throws Exception {
    byte[] model = Bytes.of(41, 400_000);
    repo.lfs("model.bin", model);
    repo.commit("main");
    assertThat(get(MODEL).body()).isEqualTo(model);
    stop();
    Settings days = settings("SCRUB_RATE", "1B");
    CountDownLatch resting = new CountDownLatch(1);
    try (House house = House.open(days, false, clock)) {
      house
          .catalog()
          .checks()
          .putScrub(new ScrubRow(clock.instant(), Optional.empty(), model.length, 0, 0, 0, 0));
      LocationFront primary = house.located().primary();
      NightWatch watch =
          NightWatch.begin(
              breath ->
                  primary.scrub(
                      days,
                      house.caller(days),
                      rest -> {
                        if (!rest.isZero()) {
                          resting.countDown();
                        }
                        return breath.take(rest);
                      }),
              Duration.ZERO);
      assertThat(resting.await(30, TimeUnit.SECONDS)).isTrue();

      long start = System.nanoTime();
      watch.close();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      ScrubRow cut = house.catalog().checks().lastScrub().orElseThrow();
      assertThat(cut.endedAt()).isEmpty();
      assertThat(cut.blobs()).isZero();
      assertThat(watch.scrub().status().running()).isFalse();
    }
  }

  @Test
  void fault_ofOneNight_doesNotEndTheNextOnes() throws Exception {
    CountDownLatch looks = new CountDownLatch(3);
    InstantSource broken =
        () -> {
          if (Thread.currentThread().getName().equals("larder-scrub")) {
            looks.countDown();
            throw new ArithmeticException("a fault of ours");
          }
          return clock.instant();
        };
    Files.createDirectories(root.resolve("larder"));
    try (House house = House.open(settings(), false, broken, Tuning.DEFAULT);
        NightWatch _ =
            NightWatch.begin(
                breath -> house.located().primary().scrub(settings(), Caller.ANONYMOUS, breath),
                Duration.ofMillis(1))) {
      assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
