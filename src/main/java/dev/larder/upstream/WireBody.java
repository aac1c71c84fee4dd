package dev.larder.upstream;

import dev.larder.content.Reserve;
import dev.larder.upstream.UpstreamException.UpstreamLied;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of a response. For one thread; {@link #close()} may come from any and makes a blocked
 * read fail. Read to its end, it lets its connection be used again.
 */
public final class WireBody implements AutoCloseable {
  private static final int SHORT_REST = 16 << 10;
  private static final Duration PATIENCE_FOR_REST = Duration.ofMillis(500);

  private final Connection connection;
  private final Framing framing;
  private final Wire wire;
  private final WireRequest request;
  private final boolean reusable;
  private final Pace pace;
  private final AtomicBoolean closed = new AtomicBoolean();

  WireBody(
      Connection connection, Framing framing, Wire wire, WireRequest request, boolean reusable) {
    this.connection = connection;
    this.framing = framing;
    this.wire = wire;
    this.request = request;
    this.reusable = reusable;
    this.pace = new Pace(wire.settings().minimumRate());
  }

  /** What the head declared, or -1. Says nothing about the answer to a HEAD. */
  public long declaredBytes() {
    return framing.declaredBytes();
  }

  /** Every wait for bytes from now on ends with {@code deadline}. */
  public void until(Deadline deadline) {
    connection.patience(wire.settings().stallTimeout(), deadline);
  }

  /**
   * Reads up to {@code length} bytes, straight from the socket. -1 at the end of a complete body.
   * Throws {@link UpstreamException.UpstreamUnreachable} when it broke off, stalled, or came too
   * slowly, and {@link UpstreamException.UpstreamLied} when it is not framed as declared.
   */
  public int read(byte[] target, int offset, int length) {
    long before = System.nanoTime();
    int got;
    try {
      got = framing.read(connection, target, offset, wire.throttle().slice(length));
    } catch (IOException e) {
      throw WireFailure.reading(request.what(), connection.origin(), e);
    }
    if (got < 0) {
      return got;
    }
    if (!pace.holds(System.nanoTime() - before, got)) {
      throw WireFailure.tooSlow(request.what(), connection.origin(), wire.settings().minimumRate());
    }
    wire.throttle().pay(got);
    return got;
  }

  /** All of it; throws {@link UpstreamLied} when it is longer than {@code limitBytes}. */
  public byte[] readAll(int limitBytes) {
    return readAll(limitBytes, Reserve.UNLIMITED);
  }

  /** The same, with {@code reserve} for it twice: it is copied once. */
  public byte[] readAll(int limitBytes, Reserve reserve) {
    if (declaredBytes() > limitBytes) {
      throw tooLong(limitBytes);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(1024); // What is declared may not come.
    byte[] part = new byte[16 << 10];
    for (int got = read(part, 0, part.length); got >= 0; got = read(part, 0, part.length)) {
      if (all.size() + got > limitBytes) {
        throw tooLong(limitBytes);
      }
      reserve.take(2L * got);
      all.write(part, 0, got);
    }
    return all.toByteArray();
  }

  private UpstreamLied tooLong(int limitBytes) {
    return new UpstreamLied(
        "Tried to read %s from %s, but it is longer than the %d bytes that such an answer may have."
            .formatted(request.what(), connection.origin(), limitBytes));
  }

  /** Reads the rest when it is short, so that the connection can be used again. */
  void discard() {
    if (!reusable || framing.declaredBytes() > SHORT_REST || closed.get()) {
      return;
    }
    byte[] waste = new byte[SHORT_REST];
    until(Deadline.after(PATIENCE_FOR_REST));
    try {
      int left = SHORT_REST;
      for (int got = 0; got >= 0 && left > 0; left -= Math.max(0, got)) {
        got = framing.done() ? -1 : framing.read(connection, waste, 0, left);
      }
    } catch (IOException _) {
      connection.abort(); // Nobody wanted these bytes; the connection is simply not kept.
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (reusable && framing.done()) {
      wire.pool().give(connection);
    } else {
      connection.abort();
    }
  }
}
