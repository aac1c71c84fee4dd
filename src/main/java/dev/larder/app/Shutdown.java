package dev.larder.app;

import java.util.concurrent.CountDownLatch;

/**
 * Waits for the process to be told to stop (SIGTERM, SIGINT), and keeps the JVM up until everything
 * is closed. A stop that was asked for is a good end: exit code 0.
 */
final class Shutdown {
  private static final CountDownLatch ASKED = new CountDownLatch(1);
  private static final CountDownLatch DONE = new CountDownLatch(1);

  private Shutdown() {}

  /** Returns when the process is told to stop. From then on the JVM waits for {@link #done}. */
  static void await() {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(
                    () -> {
                      ASKED.countDown();
                      waitFor(DONE);
                      Runtime.getRuntime().halt(0);
                    }));
    waitFor(ASKED);
  }

  /** Everything is closed. */
  static void done() {
    DONE.countDown();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
