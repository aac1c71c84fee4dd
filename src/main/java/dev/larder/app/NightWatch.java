package dev.larder.app;

import dev.larder.content.LarderException;
import dev.larder.upkeep.Breath;
import dev.larder.upkeep.Scrub;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a {@link Scrub} every minute whether its time has come. Closing cuts it at once. */
final class NightWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NightWatch.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

  private final CountDownLatch ending = new CountDownLatch(1);
  private final Duration between;
  private final Scrub scrub;
  private final Thread thread;

  private NightWatch(Function<Breath, Scrub> scrub, Duration between) {
    this.between = between;
    this.scrub = scrub.apply(this::rest);
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("larder-scrub")
            .priority(Thread.MIN_PRIORITY)
            .unstarted(this::work);
  }

  /** {@code scrub} gets what it rests by. */
  static NightWatch begin(Function<Breath, Scrub> scrub) {
    return begin(scrub, BETWEEN_LOOKS);
  }

  /** {@code between}: how long it waits before each look. */
  static NightWatch begin(Function<Breath, Scrub> scrub, Duration between) {
    NightWatch watch = new NightWatch(scrub, between);
    watch.thread.start();
    return watch;
  }

  Scrub scrub() {
    return scrub;
  }

  private void work() {
    while (rest(between)) {
      try {
        scrub.runWhenDue();
      } catch (LarderException e) {
        LOG.atWarn().log("The scrub could not go on: {}", e.explanation());
      } catch (RuntimeException e) {
        // The root of this thread: without it no later night would be scrubbed.
        LOG.error("The scrub failed; it begins again in {}", between, e);
      }
    }
  }

  private boolean rest(Duration time) {
    try {
      return !ending.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      return false; // By closing, the only one who does that.
    }
  }

  @Override
  public void close() throws InterruptedException {
    ending.countDown();
    thread.interrupt();
    thread.join();
  }
}
