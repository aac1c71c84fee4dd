package dev.larder.mirror;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Lets callers who ask the same thing at the same time share one answer, or its failure. Nothing is
 * kept afterwards.
 */
final class Shared<K, V> {
  private final ConcurrentMap<K, FutureTask<V>> running = new ConcurrentHashMap<>();

  V get(K key, Supplier<V> question) {
    FutureTask<V> mine = new FutureTask<>(question::get);
    FutureTask<V> present = running.putIfAbsent(key, mine);
    if (present == null) {
      try {
        mine.run();
      } finally {
        running.remove(key, mine);
      }
      present = mine;
    }
    try {
      return present.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new dev.larder.transfer.TransferException.Interrupted(
          "Waiting for an answer was interrupted.");
    }
  }
}
