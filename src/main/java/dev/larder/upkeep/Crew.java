package dev.larder.upkeep;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * A few platform threads for work that keeps a core and a disk busy: on virtual threads it would
 * take the carriers away from requests.
 */
record Crew(int threads) {
  /** Results in the order of {@code items}. The first failure ends the work and is thrown. */
  <T, R> List<R> run(List<T> items, Function<T, R> work) {
    if (items.isEmpty()) {
      return List.of();
    }
    ExecutorService crew =
        Executors.newFixedThreadPool(
            Math.min(threads, items.size()),
            Thread.ofPlatform().daemon().name("larder-upkeep-", 1).factory());
    try {
      List<Future<R>> running = new ArrayList<>();
      items.forEach(item -> running.add(crew.submit(() -> work.apply(item))));
      List<R> done = new ArrayList<>();
      for (Future<R> one : running) {
        done.add(one.get());
      }
      return done;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Interrupted();
    } finally {
      crew.shutdownNow();
      crew.close();
    }
  }

  private static final class Interrupted extends LarderException {
    private static final long serialVersionUID = 1L;

    Interrupted() {
      super("interrupted", Retry.never(), "The work was interrupted; run it again.", null);
    }
  }
}
