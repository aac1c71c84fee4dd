package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.upstream.RemoteContent;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that one fetcher has taken on. Its fetcher moves {@code position}; the flight may pull
 * {@code end} nearer when a reader needs what lies behind. Guarded by the flight's lock, except
 * that the fetcher reads {@code end} as it goes.
 */
final class Claim {
  private final long start;
  private final long startNanos = System.nanoTime();
  private volatile long position;
  private volatile long end;
  private RemoteContent.@Nullable Body body;
  private boolean abandoned;

  Claim(ByteRange range) {
    this.start = range.start();
    this.position = range.start();
    this.end = range.end();
  }

  long position() {
    return position;
  }

  long end() {
    return end;
  }

  /** What has been fetched of it so far. */
  long fetchedBytes() {
    return position - start;
  }

  /** Since it was taken on. */
  long nanos() {
    return System.nanoTime() - startNanos;
  }

  boolean done() {
    return position >= end;
  }

  void advanceTo(long newPosition) {
    position = newPosition;
  }

  void endAt(long newEnd) {
    end = newEnd;
  }

  /** What is still to come; null when nothing is. */
  @Nullable ByteRange remaining() {
    return done() ? null : new ByteRange(position, end);
  }

  /**
   * Notes the body being read so that {@link #abandon} can cut it. False when it was abandoned
   * already.
   */
  synchronized boolean reading(RemoteContent.@Nullable Body open) {
    body = open;
    return !abandoned;
  }

  /** Ends the fetch from another thread: a read that waits fails. */
  void abandon() {
    RemoteContent.Body open;
    synchronized (this) {
      abandoned = true;
      open = body;
    }
    if (open != null) {
      open.close();
    }
  }

  synchronized boolean abandoned() {
    return abandoned;
  }
}
