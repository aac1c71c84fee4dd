package dev.larder.resident;

import java.util.concurrent.Callable;

/**
 * Brings one model into memory. Both methods run on a thread of the load's own, one after the
 * other, at most once for each load, outside of every lock. They may block and may throw anything:
 * all callers who wait get it as the cause of a {@link ResidentException.LoadFailed}, and nothing
 * is kept of it.
 */
public interface ModelLoader<M> {
  /**
   * How many bytes of memory the model will take, as well as can be told before it is loaded. So
   * much is reserved before {@link #load} begins.
   */
  long estimateBytes() throws Exception;

  /** Loads it, and says how many bytes it really takes. */
  Loaded<M> load() throws Exception;

  /** A loader whose estimate is known already. */
  static <M> ModelLoader<M> of(long estimateBytes, Callable<Loaded<M>> load) {
    return new ModelLoader<>() {
      @Override
      public long estimateBytes() {
        return estimateBytes;
      }

      @Override
      public Loaded<M> load() throws Exception {
        return load.call();
      }
    };
  }
}
