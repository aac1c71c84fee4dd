package dev.larder.http;

import dev.larder.content.MemoryShort;
import dev.larder.content.Reserve;
import dev.larder.content.Shares;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one request holds of the {@link Memory}. Given back when its thread is done with it and the
 * answer is out, or its client gone.
 */
final class RequestMemory implements Reserve {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Longer for one piece of an answer is too slow while others wait. */
  private static final long SLOWEST_PIECE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Memory memory;
  private final Connection connection;
  private final Shares.Share share;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicBoolean delivered = new AtomicBoolean();
  private final AtomicInteger open = new AtomicInteger(2);
  private final Runnable stopWatching;
  private volatile long pieceSince = System.nanoTime();
  private volatile boolean slowLately;

  RequestMemory(Memory memory, Connection connection) {
    this.memory = memory;
    this.connection = connection;
    this.share = memory.open(connection.peer());
    this.stopWatching = connection.whenClosed(this::gone);
  }

  @Override
  public boolean tryTake(long bytes) {
    return share.tryGrow(bytes);
  }

  @Override
  public void take(long bytes) {
    if (!share.tryGrow(bytes) && !share.grow(bytes, PATIENCE, memory::cutOne)) {
      if (!delivered.get()) {
        memory.refused();
      }
      throw new MemoryShort();
    }
  }

  /** Nobody takes the answer any more: it waits for no more memory, while others do. */
  private void gone() {
    close(delivered);
    share.giveUp();
  }

  /** All that is left of it is an answer of so many bytes, which goes out now. */
  void sending(long bytes) {
    share.shrink(bytes);
    pieceSince = System.nanoTime();
    memory.sending(this);
  }

  /** The client took one more piece of it. */
  void sentPiece() {
    slowLately = slow();
    pieceSince = System.nanoTime();
  }

  private boolean slow() {
    return System.nanoTime() - pieceSince > SLOWEST_PIECE_NANOS;
  }

  boolean tooSlow() {
    return slowLately || slow();
  }

  void cut() {
    connection.cut();
  }

  /** The request's thread ends. Any number of times. */
  void answered() {
    close(answered);
  }

  /** The answer is out, or never will be. Any number of times, from any thread. */
  void delivered() {
    close(delivered);
    stopWatching.run();
  }

  private void close(AtomicBoolean half) {
    if (half.compareAndSet(false, true) && open.decrementAndGet() == 0) {
      memory.over(this);
      share.close();
    }
  }
}
