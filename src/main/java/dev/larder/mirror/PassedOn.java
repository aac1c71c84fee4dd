package dev.larder.mirror;

import dev.larder.content.Shares.Holder;
import dev.larder.upstream.huggingface.ForwardingPassed;
import dev.larder.upstream.huggingface.Passed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the hub on its way to a client, and how that client takes it. Only the time counts
 * that its writer waits for the client: a slow hub is not held against it.
 */
final class PassedOn extends ForwardingPassed {
  private static final long PIECE_BYTES = 64 << 10;

  /** Longer for a piece is too slow while others wait. */
  private static final long SLOWEST_PIECE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Traffic traffic;
  private final Holder holder;
  private final Consumer<PassedOn> ended;
  private final AtomicBoolean closed = new AtomicBoolean();

  // Guarded by this.
  private @Nullable Thread writer;
  private long writingSince;
  private long waitedNanos;
  private long takenBytes;
  private boolean slowLately;
  private boolean cut;

  /** {@code ended} is told once, when it is closed. */
  PassedOn(Passed passed, Traffic traffic, Holder holder, Consumer<PassedOn> ended) {
    super(passed);
    this.traffic = traffic;
    this.holder = holder;
    this.ended = ended;
  }

  Holder holder() {
    return holder;
  }

  /** Whether its client takes less than is fair while others wait. */
  synchronized boolean tooSlow() {
    long now = writer == null ? 0 : System.nanoTime() - writingSince;
    return !cut && (slowLately || waitedNanos + now > SLOWEST_PIECE_NANOS);
  }

  /** Ends it: whoever writes it to the client meets an interrupt. Any thread. */
  synchronized void cut() {
    cut = true;
    if (writer != null) {
      writer.interrupt();
    }
  }

  private synchronized void begin() {
    writer = Thread.currentThread();
    writingSince = System.nanoTime();
    if (cut) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void end(int bytes) {
    writer = null;
    if (cut) {
      boolean _ = Thread.interrupted(); // It was about this write, and nothing else.
    }
    waitedNanos += System.nanoTime() - writingSince;
    takenBytes += bytes;
    if (takenBytes >= PIECE_BYTES) {
      slowLately = waitedNanos > SLOWEST_PIECE_NANOS;
      waitedNanos = 0;
      takenBytes = 0;
    }
  }

  @Override
  public void writeTo(OutputStream out) {
    super.writeTo(new Watched(out));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      super.close();
      ended.accept(this);
    }
  }

  private final class Watched extends OutputStream {
    private final OutputStream out;

    Watched(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      begin();
      try {
        out.write(bytes, offset, length);
      } finally {
        end(length);
      }
      traffic.passed(length);
    }
  }
}
