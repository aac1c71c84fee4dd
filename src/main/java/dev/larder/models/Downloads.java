package dev.larder.models;

import java.util.HashSet;
import java.util.Set;

/**
 * The threads that bring files for loads, so that the end of the process need not wait for what
 * they wait for. Safe for concurrent use.
 */
final class Downloads {
  private final Set<Thread> threads = new HashSet<>();
  private boolean over;

  /** Does {@code work}, which {@link #stop} interrupts. Throws when that came before. */
  void during(Runnable work) {
    begin(Thread.currentThread());
    try {
      work.run();
    } finally {
      end(Thread.currentThread());
    }
  }

  private synchronized void begin(Thread thread) {
    if (over) {
      throw new ModelsException.Stopping("The server stops, so no model is brought here.", null);
    }
    boolean _ = threads.add(thread);
  }

  private synchronized void end(Thread thread) {
    boolean _ = threads.remove(thread);
  }

  /** Interrupts what is being brought; what has landed is kept. */
  synchronized void stop() {
    over = true;
    threads.forEach(Thread::interrupt);
  }
}
