package dev.larder.content;

/**
 * Memory for what one request has to hold whole, taken before it is filled and given back by
 * whoever opened the request, when its answer is out. Safe for concurrent use.
 */
public interface Reserve {
  /** For what no client asked for. */
  Reserve UNLIMITED =
      new Reserve() {
        @Override
        public boolean tryTake(long bytes) {
          return true;
        }

        @Override
        public void take(long bytes) {}
      };

  /** Takes so much more if that is to be had at once. Does not block. */
  boolean tryTake(long bytes);

  /** Takes so much more. Waits for others a moment; throws {@link MemoryShort}. */
  void take(long bytes);
}
