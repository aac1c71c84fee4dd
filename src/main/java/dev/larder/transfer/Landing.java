package dev.larder.transfer;

import dev.larder.store.StagedBlob;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Where a flight's bytes land: they are written, whoever waits is woken, and what the hasher has
 * not come to yet is counted. Also knows for how long nothing much has.
 */
final class Landing {
  private static final long STEP_BYTES = 1 << 20;
  private static final long STEP_NANOS = 5_000_000;
  private static final long LEAST_PROGRESS_BYTES = 1024;

  private final Course course;
  private final StagedBlob staged;
  private final TransferSettings settings;
  private long hashedBytes;
  private long progressBytes;
  private long unannouncedBytes;
  private long announcedNanos = System.nanoTime();
  private volatile long lastProgressNanos = System.nanoTime();

  Landing(Course course, StagedBlob staged, TransferSettings settings) {
    this.course = course;
    this.staged = staged;
    this.settings = settings;
  }

  /**
   * Writes bytes that arrived; what had landed there before stays as it is. Readers and the hasher
   * are woken for a good step at a time: waking them for every packet costs more than sending it. A
   * slow stream wakes them each time, and what is less than a step wakes them a moment later.
   * {@code first}: these bytes are the first of an answer, and somebody may wait for just these.
   */
  void land(long offset, ByteBuffer data, boolean first) {
    int bytes = data.remaining();
    staged.write(offset, data);
    long now = System.nanoTime();
    course.lock();
    try {
      noteProgress(bytes, now);
      unannouncedBytes += bytes;
      if (first || unannouncedBytes >= STEP_BYTES || now - announcedNanos > STEP_NANOS) {
        announce(now);
      } else {
        course.announceWithin(STEP_NANOS); // Nothing more may come for a long time.
      }
    } finally {
      course.unlock();
    }
  }

  /** A byte now and then is none: a flight of such bytes would never end. With the lock held. */
  private void noteProgress(int bytes, long now) {
    progressBytes += bytes;
    if (progressBytes >= LEAST_PROGRESS_BYTES) {
      progressBytes = 0;
      lastProgressNanos = now;
    }
  }

  private void announce(long now) {
    unannouncedBytes = 0;
    announcedNanos = now;
    course.announce();
  }

  /** Wakes whoever waits, for less than a step too. With the lock held. */
  void announce() {
    announce(System.nanoTime());
  }

  /** Silence counts from now on. */
  void beginPatience() {
    lastProgressNanos = System.nanoTime();
  }

  /** Whether nothing, or hardly anything, has come for too long. */
  boolean outOfPatience() {
    return System.nanoTime() - lastProgressNanos > settings.patience().toNanos();
  }

  /** Waits before another try, or until the flight ends. */
  void pause(Duration delay) {
    course.lock();
    try {
      long left = delay.toNanos();
      while (left > 0 && !course.stopped()) {
        left = course.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      course.unlock();
    }
  }

  /** Waits until something lands at {@code front}; false when the flight ends before. */
  boolean awaitLanded(long front) {
    course.lock();
    try {
      while (staged.landedUntil(front) == front && course.underWay()) {
        course.await();
      }
      return course.underWay();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      course.unlock();
    }
  }

  /** The hasher has come so far. With the lock held. */
  void hashedTo(long bytes) {
    hashedBytes = bytes;
  }

  /**
   * Whether so much waits to be hashed that the system may drop it and read it back from disk. With
   * the lock held.
   */
  boolean hasherLags() {
    return staged.landedUntil(hashedBytes) - hashedBytes
        > settings.backlogBytes(staged.sizeBytes());
  }
}
