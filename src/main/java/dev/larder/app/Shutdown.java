package dev.larder.app;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import sun.misc.Signal;

/**
 * Waits for the process to be told to stop. A stop that was asked for is a good end: whoever waited
 * closes what is open and the process exits with 0. A second signal ends it at once.
 */
final class Shutdown {
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

  private Shutdown() {}

  /** Returns why: the signal that asks the process to stop, or that this thread is interrupted. */
  static String await() {
    CompletableFuture<String> asked = new CompletableFuture<>();
    for (String name : SIGNALS) {
      Signal.handle(new Signal(name), _ -> stop(asked, "SIG" + name));
    }
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupt";
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing fails it", e);
    }
  }

  private static void stop(CompletableFuture<String> asked, String signal) {
    if (!asked.complete(signal)) {
      Runtime.getRuntime().halt(1);
    }
  }
}
