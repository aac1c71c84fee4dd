package dev.larder.resident.onnx;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets nobody use what is closed, and closes nothing that is used: native code would crash. Whoever
 * shares models closes them only after their last use, so that a use is never in the way; when one
 * is all the same, the closing is left to its end.
 */
final class Gate implements AutoCloseable {
  /** A use, until it is closed. */
  interface Use extends AutoCloseable {
    @Override
    void close();
  }

  private static final AtomicLong LEFT_TO_USERS = new AtomicLong();

  private final String name;
  private final Runnable closing;

  // Both guarded by this.
  private int uses;
  private boolean closed;

  /** {@code name}: of what is behind it, for messages. {@code closing} runs once. */
  Gate(String name, Runnable closing) {
    this.name = name;
    this.closing = closing;
  }

  /** How often a closing had to be left to a user, in all gates so far. */
  static long leftToUsers() {
    return LEFT_TO_USERS.get();
  }

  /** Throws {@link IllegalStateException} when it is closed. */
  Use use() {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      uses++;
    }
    return this::end;
  }

  private void end() {
    boolean last;
    synchronized (this) {
      uses--;
      last = closed && uses == 0;
    }
    if (last) {
      closing.run();
    }
  }

  /** The second time does nothing. */
  @Override
  public void close() {
    boolean now;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      now = uses == 0;
    }
    if (now) {
      closing.run();
    } else {
      LEFT_TO_USERS.incrementAndGet();
    }
  }
}
