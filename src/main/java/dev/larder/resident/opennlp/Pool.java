package dev.larder.resident.opennlp;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tools that only one thread may use at a time. One is made when all others are in use; as many as
 * there are cores are kept. OpenNLP has tools for each thread too, but a virtual thread lives for
 * one request, and making a tagger takes most of a millisecond.
 */
final class Pool<T> {
  private final BlockingQueue<T> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());
  private final Lock making = new ReentrantLock();
  private final Supplier<T> maker;

  /** Makes the first at once, so that a model of which none can be made is found when it loads. */
  Pool(Supplier<T> maker) {
    this.maker = maker;
    idle.add(made());
  }

  /** A tool whose use throws is not used again. */
  <R> R use(Function<T, R> use) {
    T taken = idle.poll();
    T tool = taken == null ? made() : taken;
    R result = use.apply(tool);
    idle.offer(tool);
    return result;
  }

  /** In turn: the factory of a model, which all its tools share, fills its fields when asked. */
  private T made() {
    making.lock();
    try {
      return maker.get();
    } finally {
      making.unlock();
    }
  }
}
