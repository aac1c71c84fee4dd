package dev.larder.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The channel through which the landed bytes of one attempt are read, also once it is a blob. */
final class StagedReaders implements AutoCloseable {
  private final Attempts attempts;
  private final Attempt attempt;
  private volatile FileChannel open;
  private volatile Path file;
  private volatile boolean closed;

  /** {@code open} reads the attempt's part. */
  StagedReaders(Attempts attempts, Attempt attempt, FileChannel open) {
    this.attempts = attempts;
    this.attempt = attempt;
    this.open = open;
    this.file = attempt.part();
  }

  FileChannel channel() {
    FileChannel channel = open;
    return channel.isOpen() || closed ? channel : reopened();
  }

  /** Interrupting a reader closes the channel under all of them; they go on with a new one. */
  private synchronized FileChannel reopened() {
    if (!open.isOpen() && !closed) {
      try {
        open = attempts.openForReaders(file);
      } catch (IOException e) {
        throw attempts.failed("read from", attempt, e);
      }
    }
    return open;
  }

  /** The part's name is gone; the bytes are under this one now. */
  void movedTo(Path name) {
    file = name;
  }

  @Override
  public void close() {
    closed = true;
    try {
      open.close();
    } catch (IOException e) {
      StoreLog.LOG.warn("closing the readers' channel of {} failed", attempt.part(), e);
    }
  }
}
