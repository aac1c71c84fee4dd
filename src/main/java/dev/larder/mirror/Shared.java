package dev.larder.mirror;

import dev.larder.content.MemoryShort;
import dev.larder.transfer.TransferException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Lets callers who ask the same thing at the same time share one answer, or its failure. When the
 * one who asks for all is interrupted, or has no memory to hold the answer, another asks. Nothing
 * is kept afterwards.
 */
final class Shared<K, V> {
  private final ConcurrentMap<K, Question<V>> running = new ConcurrentHashMap<>();

  private static final class Question<V> extends FutureTask<V> {
    private final Asker<V> asker;

    Question(Asker<V> asker) {
      super(asker::ask);
      this.asker = asker;
    }
  }

  /** Notes whether its failure is its own affair and says nothing to others. */
  private static final class Asker<V> {
    private final Supplier<V> question;
    private volatile boolean alone;

    Asker(Supplier<V> question) {
      this.question = question;
    }

    V ask() {
      try {
        return question.get();
      } catch (MemoryShort e) {
        alone = true;
        throw e;
      } finally {
        if (Thread.currentThread().isInterrupted()) {
          alone = true;
        }
      }
    }
  }

  /** Whether somebody asks that just now. */
  boolean runs(K key) {
    return running.containsKey(key);
  }

  V get(K key, Supplier<V> question) {
    while (true) {
      Question<V> mine = new Question<>(new Asker<>(question));
      Question<V> present = running.putIfAbsent(key, mine);
      if (present == null) {
        try {
          mine.run();
        } finally {
          running.remove(key, mine);
        }
      }
      Question<V> shared = present == null ? mine : present;
      try {
        return shared.get();
      } catch (ExecutionException e) {
        if (shared == mine || !shared.asker.alone) {
          throw failure(e);
        }
        running.remove(key, shared);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TransferException.Interrupted("Waiting for an answer was interrupted.");
      }
    }
  }

  private static RuntimeException failure(ExecutionException e) {
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException(e.getCause());
  }
}
