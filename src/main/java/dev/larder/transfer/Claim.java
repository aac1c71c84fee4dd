package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.upstream.RemoteContent;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that one fetcher has taken on. Its fetcher moves {@code position}; the flight may pull
 * {@code end} nearer when a reader needs what lies behind. Guarded by the flight's lock, except
 * that the fetcher moves and reads both as it goes.
 */
final class Claim {
  /** A pace that was watched for less says nothing. */
  private static final long WATCHED_NANOS = 250_000_000;

  private final long start;
  private final long startNanos = System.nanoTime();
  private volatile long position;
  private volatile long end;
  private volatile long movedNanos = startNanos;

  /** When the first bytes had come, and how many those were. */
  private long firstNanos;

  private long firstBytes;
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
    long now = System.nanoTime();
    if (firstBytes == 0) {
      firstBytes = newPosition - start;
      firstNanos = now;
    }
    position = newPosition;
    movedNanos = now; // Written last: whoever reads it sees the others.
  }

  /**
   * Whether bytes at {@code wanted}, where somebody waits, will not come within {@code nanos} as
   * far as can be told: nothing came for so long, or at its pace they are farther off. Never when
   * it was begun for them: then nothing else would bring them sooner.
   */
  boolean tooSlowFor(long wanted, long nanos, long now) {
    long moved = movedNanos;
    if (wanted <= start || wanted >= end || wanted < position) {
      return false;
    }
    if (now - moved > nanos) {
      return true;
    }
    long watched = now - firstNanos;
    return firstBytes > 0
        && watched > WATCHED_NANOS
        && (wanted - position) * (double) watched
            > (position - start - firstBytes) * (double) nanos;
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
