package dev.larder.resident.onnx;

import com.sun.management.OperatingSystemMXBean;
import dev.larder.resident.EngineException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;

/**
 * Memory for runs over texts, which grows with the square of their length: half of what the machine
 * or the container has, for all models together, first come, first served.
 */
final class RunMemory implements AutoCloseable {
  private static final long MOST_BYTES =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 2;
  private static final int MIB_BITS = 20;
  private static final Semaphore MIB = new Semaphore(mib(MOST_BYTES), true);

  private final int taken;

  private RunMemory(int taken) {
    this.taken = taken;
  }

  /**
   * Waits for room for the attention of {@code texts} texts of {@code tokens} tokens, once before
   * and once after it is made one long. Throws {@link EngineException.BadInput} for more than there
   * can be.
   */
  static RunMemory take(int texts, int tokens, int heads) {
    long bytes = 2L * Float.BYTES * heads * texts * tokens * tokens;
    if (bytes > MOST_BYTES) {
      throw new EngineException.BadInput(
          "A text of %d tokens needs about %d MB of memory in this model, and %d MB may be used; shorten it."
              .formatted(tokens, bytes / 1_000_000, MOST_BYTES / 1_000_000),
          null);
    }
    RunMemory room = new RunMemory(mib(bytes));
    MIB.acquireUninterruptibly(room.taken);
    return room;
  }

  private static int mib(long bytes) {
    return (int) Math.clamp(bytes >> MIB_BITS, 1, Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    MIB.release(taken);
  }
}
