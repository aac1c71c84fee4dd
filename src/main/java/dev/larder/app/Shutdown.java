package dev.larder.app;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * Waits for the process to be told to stop. A stop that was asked for is a good end: whoever waited
 * closes what is open and the process exits with 0. A second signal ends it at once.
 */
final class Shutdown {
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

  private Shutdown() {}

  /** Returns when a signal asks the process to stop, or the thread is interrupted. */
  static void await() {
    CountDownLatch asked = new CountDownLatch(1);
    for (String name : SIGNALS) {
      Signal.handle(new Signal(name), _ -> stop(asked));
    }
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(CountDownLatch asked) {
    if (asked.getCount() == 0) {
      Runtime.getRuntime().halt(1);
    }
    asked.countDown();
  }
}
