package dev.larder.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * One open connection. A small buffer serves heads and chunk lines; what a body's reader asks for
 * goes straight into its own array once that buffer is empty. For one thread, except {@link
 * #abort()}.
 */
final class Connection {
  private static final int BUFFER_BYTES = 16 << 10;

  private final Origin origin;
  private final Socket raw;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next;
  private int filled;
  private Deadline deadline = Deadline.NEVER;
  private Duration stallTimeout = Duration.ZERO;
  private int armedMillis = -1;
  private long idleSince;

  /** {@code channel} is {@code raw} itself or the TLS socket upon it. */
  Connection(Origin origin, Socket raw, Socket channel) throws IOException {
    this.origin = origin;
    this.raw = raw;
    this.in = channel.getInputStream();
    this.out = channel.getOutputStream();
  }

  Origin origin() {
    return origin;
  }

  /** From now on no single wait is longer than {@code stall}, and none goes past {@code end}. */
  void patience(Duration stall, Deadline end) {
    stallTimeout = stall;
    deadline = end;
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The next byte, or -1 at the end of the stream. */
  int read() throws IOException {
    if (next == filled && !fill()) {
      return -1;
    }
    return buffer[next++] & 0xff;
  }

  /** As {@link InputStream#read(byte[], int, int)}. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (next < filled) {
      int copied = Math.min(length, filled - next);
      System.arraycopy(buffer, next, target, offset, copied);
      next += copied;
      return copied;
    }
    arm();
    return in.read(target, offset, length);
  }

  private boolean fill() throws IOException {
    arm();
    int got = in.read(buffer, 0, buffer.length);
    next = 0;
    filled = Math.max(0, got);
    return got > 0;
  }

  private void arm() throws IOException {
    Duration wait = stallTimeout;
    if (deadline.finite()) {
      Duration left = deadline.remaining();
      wait = left.compareTo(wait) < 0 ? left : wait;
    }
    if (wait.isNegative() || wait.isZero()) {
      throw new SocketTimeoutException("no time left");
    }
    int millis = (int) Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE);
    if (millis != armedMillis) {
      raw.setSoTimeout(millis);
      armedMillis = millis;
    }
  }

  /** Whether nothing came that nobody had asked for. */
  boolean quiet() {
    try {
      return next == filled && raw.getInputStream().available() == 0;
    } catch (IOException _) {
      return false; // A connection that cannot be asked is not used again.
    }
  }

  void idleFrom(long nanoTime) {
    idleSince = nanoTime;
  }

  boolean idleLongerThan(Duration limit, long nanoTime) {
    return nanoTime - idleSince > limit.toNanos();
  }

  /** Closes at once, from any thread: a blocked read or write fails. */
  void abort() {
    try {
      raw.close();
    } catch (IOException _) {
      // It is gone either way, and nobody can do anything about it.
    }
  }

  static EOFException endedAfter(long got, String expected) {
    return new EOFException("the answer ended after " + got + " of " + expected + " bytes");
  }
}
