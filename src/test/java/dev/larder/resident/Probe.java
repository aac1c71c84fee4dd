package dev.larder.resident;

import java.util.concurrent.atomic.AtomicInteger;

/** A model that knows whether it is closed, and how many use it just then. */
final class Probe implements AutoCloseable {
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private volatile boolean torn;

  /** A call of the model. */
  void use() {
    running.incrementAndGet();
    torn |= closed.get() > 0;
    running.decrementAndGet();
  }

  @Override
  public void close() {
    torn |= running.get() > 0 || closed.getAndIncrement() > 0;
  }

  int closed() {
    return closed.get();
  }

  /** Whether it was closed twice, or while or before it was used. */
  boolean torn() {
    return torn;
  }
}
