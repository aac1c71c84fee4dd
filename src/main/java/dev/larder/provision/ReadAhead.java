package dev.larder.provision;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads another stream on a thread of its own, a few blocks ahead: what it takes to unpack goes on
 * while the reader hashes and writes. For one reader. Closing ends the thread and closes the other
 * stream.
 */
final class ReadAhead extends InputStream {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int BLOCKS = 4;

  private final InputStream in;
  private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
  private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BLOCKS + 1);
  private final Thread thread;
  private Block current = new Block(new byte[0], 0, null);
  private int position;

  /** {@code count} bytes; below zero it is the end, which a failure may have brought. */
  private record Block(byte[] bytes, int count, @Nullable Throwable failure) {}

  ReadAhead(InputStream in) {
    this.in = in;
    for (int i = 0; i < BLOCKS; i++) {
      empty.add(new byte[BLOCK_BYTES]);
    }
    thread = Thread.ofPlatform().daemon().name("larder-unpack").start(this::run);
  }

  private void run() {
    try {
      Block block;
      do {
        byte[] bytes = empty.take();
        block = filled(bytes);
        full.put(block);
      } while (block.count() >= 0);
    } catch (InterruptedException _) {
      // Closed: nobody waits for more.
    }
  }

  private Block filled(byte[] bytes) {
    int count = 0;
    try {
      while (count < bytes.length) {
        int read = in.read(bytes, count, bytes.length - count);
        if (read < 0) {
          return count > 0 ? new Block(bytes, count, null) : new Block(bytes, -1, null);
        }
        count += read;
      }
      return new Block(bytes, count, null);
    } catch (IOException e) {
      return new Block(bytes, -1, e);
    } catch (Throwable e) { // Also an Error: else the reader waits for ever.
      return new Block(bytes, -1, e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position == current.count()) {
      advance();
    }
    if (current.count() < 0) {
      return end(current.failure());
    }
    int count = Math.min(length, current.count() - position);
    System.arraycopy(current.bytes(), position, bytes, offset, count);
    position += count;
    return count;
  }

  private static int end(@Nullable Throwable failure) throws IOException {
    return switch (failure) {
      case null -> -1;
      case IOException e -> throw e;
      case Error e -> throw e;
      default -> throw new IOException(failure.toString(), failure);
    };
  }

  private void advance() throws IOException {
    try {
      if (current.bytes().length > 0) {
        empty.put(current.bytes());
      }
      current = full.take();
      position = 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("reading was interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true; // Said again when the thread is gone, which uses the stream.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
