package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.store.StagedBlob;
import dev.larder.upstream.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One running download of one object, shared by every reader that asked for it.
 *
 * <p>{@link Fetching} sends out fetchers, which take claims and write them into the staged blob;
 * one {@link Hasher} follows the contiguous front; readers {@link Waiting wait} for what they want
 * to land. When all has landed and the hash matches, the held-back block is given out, and then the
 * blob is made durable and published. How far that has come is in {@link Course}, with the lock
 * that all of them share.
 *
 * <p>Here is who is aboard, and the end: a flight without readers ends at once when less than half
 * has landed, else when it is done. What had landed is kept either way.
 */
final class Flight {
  private final FlightOrder order;
  private final StagedBlob staged;
  private final FlightCrew crew;
  private final Course course;
  private final Fetching fetching;
  private final Waiting waiting;

  private final Names names = new Names();
  private final List<Seat> seats = new ArrayList<>();
  private boolean settling;
  private boolean settled;

  Flight(FlightOrder order, StagedBlob staged, FlightCrew crew) {
    this.order = order;
    this.staged = staged;
    this.crew = crew;
    this.course = new Course(order);
    this.fetching = new Fetching(this, course, crew);
    this.waiting = new Waiting(this, course);
    names.add(order);
  }

  FlightOrder order() {
    return order;
  }

  StagedBlob staged() {
    return staged;
  }

  Course course() {
    return course;
  }

  Fetching fetching() {
    return fetching;
  }

  /**
   * Takes a seat, or answers null when the flight is over: it will soon be {@link #awaitSettled
   * settled}. {@code by} may want the object under another name.
   */
  @Nullable Seat board(FlightOrder by, ByteRange range, boolean wholeFile) {
    Seat seat;
    course.lock();
    try {
      if (course.over()) {
        return null;
      }
      seat = new Seat(range, wholeFile);
      seats.add(seat);
      names.add(by);
      if (!fetching.servesAlready(seat)) {
        fetching.dispatch();
      }
    } finally {
      course.unlock();
    }
    settleIfOver();
    return seat;
  }

  void leave(Seat seat) {
    course.lock();
    try {
      seat.leave();
      boolean last = seats.remove(seat) && seats.isEmpty();
      if (last && course.phase() == Course.Phase.FETCHING && !worthFinishing()) {
        fetching.stop();
      }
      if (seat.awaited()) {
        course.announce(); // Only then: when thousands leave, each would wake all the others.
      }
    } finally {
      course.unlock();
    }
    settleIfOver();
  }

  /** See {@link Place#awaitReadable}. */
  long awaitReadable(Seat seat, long position, Deadline deadline) {
    return waiting.awaitReadable(seat, position, deadline);
  }

  /** See {@link Place#awaitPublished}. */
  void awaitPublished(Flights.ProgressListener progress) {
    waiting.awaitPublished(progress);
  }

  /** What its readers want, and what it goes on for without any. With the lock held. */
  List<Want> wants() {
    List<Want> wants = seats.stream().map(Seat::want).toList();
    boolean finishAnyway = wants.isEmpty() && worthFinishing();
    return finishAnyway ? List.of(new Want(0, ByteRange.whole(order.sizeBytes()), true)) : wants;
  }

  private boolean worthFinishing() {
    return fetching.hashing() && landedBytes() * 2 >= order.sizeBytes();
  }

  long landedBytes() {
    return staged.landed().stream().mapToLong(ByteRange::length).sum();
  }

  /** Ends the flight badly: every reader gets {@code why}. */
  void fail(Throwable why) {
    course.lock();
    try {
      fetching.fail(course.broken(why));
    } finally {
      course.unlock();
    }
    settleIfOver();
  }

  /**
   * For shutdown: fetching ends, what has landed stays, a blob already verified is still published.
   */
  void stop() {
    course.lock();
    try {
      fetching.stop();
    } finally {
      course.unlock();
    }
    settleIfOver();
  }

  /**
   * The next one to be told of the blob; null when all were, and then the flight has {@link
   * Course#ended ended} with {@code trouble}.
   */
  @Nullable FlightOrder nextToTell(@Nullable RuntimeException trouble) {
    course.lock();
    try {
      FlightOrder next = names.next();
      if (next == null) {
        course.ended(trouble);
      }
      return next;
    } finally {
      course.unlock();
    }
  }

  /** Whether {@code late}, which could not board any more, is still to be told of the blob. */
  boolean toTell(FlightOrder late) {
    course.lock();
    try {
      return names.toTell(late);
    } finally {
      course.unlock();
    }
  }

  /** For who knows that it has ended. */
  Names names() {
    return names;
  }

  /** Whether nobody can board any more. */
  boolean over() {
    return course.over();
  }

  /** The blob, once it is in the store. */
  Optional<Digest> published() {
    return course.published();
  }

  Course.Phase phase() {
    return course.phase();
  }

  /**
   * Hands the staged blob back, once, when nobody writes or hashes it any more. Readers may still
   * read from it. Called without the lock.
   */
  void settleIfOver() {
    RuntimeException failure;
    course.lock();
    try {
      if (settling || !course.over() || fetching.busy()) {
        closeIfDeserted();
        return;
      }
      settling = true;
      failure = course.failure();
    } finally {
      course.unlock();
    }
    fetching.leaveLanes();
    try {
      crew.settle(this, failure);
    } finally {
      // Whatever came of that: nobody is to wait for it any longer.
      course.lock();
      try {
        settled = true;
        course.announce();
        closeIfDeserted();
      } finally {
        course.unlock();
      }
    }
  }

  private void closeIfDeserted() {
    if (settled && seats.isEmpty()) {
      staged.close();
    }
  }

  /** Waits until an ended flight has handed its staged blob back; false after {@code limit}. */
  boolean awaitSettled(Duration limit) {
    course.lock();
    try {
      long left = limit.toNanos();
      while (!settled && left > 0) {
        left = course.awaitNanos(left);
      }
      return settled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      course.unlock();
    }
  }
}
