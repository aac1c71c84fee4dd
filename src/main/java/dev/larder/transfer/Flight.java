package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import dev.larder.store.StagedBlob;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One running download of one object, shared by every reader that asked for it.
 *
 * <p>Fetchers take claims and write them into the staged blob; one hasher follows the contiguous
 * front; readers wait for what they want to land. When all has landed and the hash matches, the
 * held-back block is given out, and then the blob is made durable and published. A flight without
 * readers ends: at once when less than half has landed, else when it is done. What had landed is
 * kept either way.
 *
 * <p>The lock guards seats, claims and the state below; nothing is read, written, sent or waited
 * for under it except its own condition.
 */
final class Flight implements Lanes.Lessee {
  private static final long STEP_BYTES = 1 << 20;
  private static final long STEP_NANOS = 5_000_000;

  /** What has become of the flight. */
  enum Phase {
    FETCHING,
    VERIFIED,
    PUBLISHED,
    FAILED
  }

  private static final long DONE = Long.MAX_VALUE;

  private final FlightOrder order;
  private final StagedBlob staged;
  private final FlightCrew crew;
  private final FetchDesk desk;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final List<Seat> seats = new ArrayList<>();
  private int fetchers;
  private boolean hashing;
  private boolean hasherRuns;
  private long hashedBytes;
  private boolean stopped;
  private boolean settling;
  private boolean settled;
  private Phase phase = Phase.FETCHING;
  private @Nullable RuntimeException failure;
  private @Nullable Digest published;
  private @Nullable RuntimeException publishTrouble;
  private long unannouncedBytes;
  private long announcedNanos = System.nanoTime();
  private volatile long lastProgressNanos = System.nanoTime();

  Flight(FlightOrder order, StagedBlob staged, FlightCrew crew) {
    this.order = order;
    this.staged = staged;
    this.crew = crew;
    this.desk = new FetchDesk(order, staged, crew.settings());
  }

  FlightOrder order() {
    return order;
  }

  StagedBlob staged() {
    return staged;
  }

  // Readers

  /**
   * Takes a seat, or answers null when the flight is over: it will soon be {@link #awaitSettled
   * settled}.
   */
  @Nullable Seat board(ByteRange range, boolean wholeFile) {
    Seat seat;
    lock.lock();
    try {
      if (over()) {
        return null;
      }
      seat = new Seat(range, wholeFile);
      seats.add(seat);
      dispatch();
    } finally {
      lock.unlock();
    }
    settleIfOver();
    return seat;
  }

  void leave(Seat seat) {
    lock.lock();
    try {
      seat.leave();
      if (seats.remove(seat) && seats.isEmpty() && phase == Phase.FETCHING && !worthFinishing()) {
        stopFetching();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settleIfOver();
  }

  /** See {@link Place#awaitReadable}. */
  long awaitReadable(Seat seat, long position, Deadline deadline) {
    lock.lock();
    try {
      seat.moveTo(position);
      boolean asked = false;
      while (true) {
        if (failure instanceof TransferException.ContentMismatch) {
          // Not even what has landed is given on: it is known to be wrong.
          throw failure;
        }
        long end = readable(seat, position);
        if (end > position) {
          return end;
        }
        if (failure != null) {
          throw failure;
        }
        if (stopped || seat.left()) {
          throw stoppedError();
        }
        if (!asked || fetchers == 0) {
          dispatch();
          asked = true;
          if (failure != null) {
            throw failure;
          }
        }
        awaitChange(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferException.Interrupted("Waiting for " + order.key() + " was interrupted.");
    } finally {
      lock.unlock();
    }
  }

  private void awaitChange(Deadline deadline) throws InterruptedException {
    if (!deadline.finite()) {
      changed.await();
    } else if (changed.awaitNanos(deadline.remaining().toNanos()) <= 0) {
      throw new UpstreamException.UpstreamUnreachable(
          "Tried to get %s, but nothing of it came in the time there is for an answer. Trying again may help."
              .formatted(order.content().description()),
          true,
          null);
    }
  }

  private long readable(Seat seat, long position) {
    long end = seat.range().end();
    if (seat.wholeFile() && phase != Phase.VERIFIED && phase != Phase.PUBLISHED) {
      end = Math.min(end, order.sizeBytes() - TransferSettings.HOLD_BACK_BYTES);
    }
    return end <= position ? position : Math.min(end, staged.landedUntil(position));
  }

  /**
   * Blocks until the blob is published. Throws what made the flight fail. {@code progress} may take
   * its time: nobody waits for it.
   */
  Digest awaitPublished(Flights.ProgressListener progress) {
    for (long told = -1; told != DONE; ) {
      told = awaitChange(told);
      progress.landed(told == DONE ? order.sizeBytes() : told);
    }
    return published().orElseThrow();
  }

  /** Blocks until other than {@code known} bytes have landed; {@link #DONE} once published. */
  private long awaitChange(long known) {
    lock.lock();
    try {
      while (phase != Phase.PUBLISHED) {
        if (failure != null) {
          throw failure;
        }
        if (stopped && phase == Phase.FETCHING) {
          throw stoppedError();
        }
        long landed = landedBytes();
        if (landed != known) {
          return landed;
        }
        changed.await();
      }
      if (publishTrouble != null) {
        throw publishTrouble;
      }
      return DONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferException.Interrupted("Waiting for " + order.key() + " was interrupted.");
    } finally {
      lock.unlock();
    }
  }

  private TransferException stoppedError() {
    return new TransferException.Interrupted(
        "The download of " + order.key() + " was stopped; what has landed is kept.");
  }

  // Fetchers

  private List<Want> wants() {
    List<Want> wants = seats.stream().map(Seat::want).toList();
    boolean finishAnyway = wants.isEmpty() && worthFinishing();
    return finishAnyway ? List.of(new Want(0, ByteRange.whole(order.sizeBytes()), true)) : wants;
  }

  /**
   * Sends out fetchers for what is wanted and not covered, and the hasher once all of the file is
   * wanted.
   */
  private void dispatch() {
    assert lock.isHeldByCurrentThread();
    if (over()) {
      return;
    }
    List<Want> wants = wants();
    if (!hashing && wants.stream().anyMatch(Want::wholeFile)) {
      hashing = true;
      hasherRuns = sendOut(() -> crew.hash(this));
    }
    while (wantsFetcher(wants)) {
      Claim claim = desk.claim(wants);
      if (claim == null) {
        break;
      }
      if (!crew.lanes().take(this)) {
        desk.giveBack(claim);
        return;
      }
      fetch(claim);
    }
    crew.lanes().content(this);
  }

  private boolean wantsFetcher(List<Want> wants) {
    return !over() && fetchers < allowed(wants);
  }

  /** How many fetchers may run for {@code wants} now. */
  private int allowed(List<Want> wants) {
    if (!hasherLags() || !wants.stream().allMatch(Want::wholeFile)) {
      return desk.allowed(wants);
    }
    // Bytes are not fetched ahead of the hasher for long; who waits for some is not made to wait.
    boolean awaited =
        wants.stream().anyMatch(want -> staged.landedUntil(want.position()) == want.position());
    return awaited ? 1 : 0;
  }

  /** Whether so much waits to be hashed that the system may drop it and read it back from disk. */
  private boolean hasherLags() {
    long backlog = staged.landedUntil(hashedBytes) - hashedBytes;
    return hasherRuns && backlog > crew.settings().backlogBytes(order.sizeBytes());
  }

  /** The hasher has come so far. */
  void hashed(long bytes) {
    lock.lock();
    try {
      boolean lagged = hasherLags();
      hashedBytes = bytes;
      if (lagged && !hasherLags()) {
        dispatch();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends out a fetcher on a lane that was taken for it. */
  private void fetch(Claim claim) {
    if (fetchers == 0) {
      lastProgressNanos = System.nanoTime(); // It may have waited long for its turn.
    }
    fetchers++;
    if (!sendOut(() -> crew.fetch(this, claim))) {
      fetchers--;
      desk.giveBack(claim);
      crew.lanes().give(this);
    }
  }

  @Override
  public void laneGranted() {
    lock.lock();
    try {
      List<Want> wants = wants();
      Claim claim = wantsFetcher(wants) ? desk.claim(wants) : null;
      if (claim == null) {
        crew.lanes().give(this);
      } else {
        fetch(claim);
        dispatch();
      }
    } finally {
      lock.unlock();
    }
    settleIfOver();
  }

  /** Whether it could be done; when not, for want of threads or memory, the flight fails. */
  private boolean sendOut(Runnable start) {
    try {
      start.run();
      return true;
    } catch (RuntimeException | Error e) {
      failAlone(broken(e));
      return false;
    }
  }

  /** The next claim for a fetcher that has done {@code done}, or null: it may go. */
  @Nullable Claim nextClaim(Claim done) {
    lock.lock();
    try {
      desk.giveBack(done);
      announce(System.nanoTime());
      List<Want> wants = wants();
      boolean enough = fetchers > allowed(wants) || crew.lanes().shouldYield(this);
      return over() || enough ? null : desk.claim(wants);
    } finally {
      lock.unlock();
    }
  }

  /** A fetcher cannot get its claim. Answers whether others still fetch and take it over. */
  boolean canDoWithout(Claim claim) {
    lock.lock();
    try {
      return !outOfPatience() && desk.takeOver(claim, fetchers - 1);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a fetcher is to leave its claim to others here, for a flight that cannot begin. */
  boolean givesWay(Claim claim) {
    if (!crew.lanes().starving()) {
      return false;
    }
    lock.lock();
    try {
      if (desk.oneStream() || !crew.lanes().shouldCut(this)) {
        return false;
      }
      claim.endAt(claim.position());
      return true;
    } finally {
      lock.unlock();
    }
  }

  void fetcherEnded() {
    lock.lock();
    try {
      fetchers--;
      desk.forgetEnded();
    } finally {
      lock.unlock();
    }
    crew.lanes().give(this);
    crew.lanes().passOn();
    lock.lock();
    try {
      dispatch();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settleIfOver();
  }

  /** See {@link FetchDesk#accept}. */
  void opened(Claim mine, RemoteContent.Body body, @Nullable ByteRange asked) {
    lock.lock();
    try {
      if (desk.accept(mine, body, asked)) {
        dispatch();
      }
    } finally {
      lock.unlock();
    }
    body.validator().ifPresent(tag -> staged.note("validator", tag));
  }

  /** See {@link FetchDesk#fallBackToOneStream}. */
  boolean fallBackToOneStream(Claim mine) {
    lock.lock();
    try {
      return desk.fallBackToOneStream(mine);
    } finally {
      lock.unlock();
    }
  }

  boolean oneStream() {
    lock.lock();
    try {
      return desk.oneStream();
    } finally {
      lock.unlock();
    }
  }

  @Nullable String validator() {
    lock.lock();
    try {
      return desk.validator();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes bytes that arrived; what had landed there before stays as it is. Readers and the hasher
   * are woken for a good step at a time: waking them for every packet costs more than sending it. A
   * slow stream wakes them each time.
   */
  void land(long offset, ByteBuffer data) {
    int bytes = data.remaining();
    staged.write(offset, data);
    long now = System.nanoTime();
    lastProgressNanos = now;
    lock.lock();
    try {
      unannouncedBytes += bytes;
      if (unannouncedBytes >= STEP_BYTES || now - announcedNanos > STEP_NANOS) {
        announce(now);
      }
    } finally {
      lock.unlock();
    }
  }

  private void announce(long now) {
    unannouncedBytes = 0;
    announcedNanos = now;
    changed.signalAll();
  }

  /** A try failed: asks for less of an upstream that says it is busy. */
  void note(UpstreamException trouble) {
    lock.lock();
    try {
      if (trouble instanceof UpstreamException.UpstreamBusy) {
        desk.askForLess();
      }
    } finally {
      lock.unlock();
    }
    crew.troubled(order, trouble);
  }

  boolean outOfPatience() {
    return System.nanoTime() - lastProgressNanos > crew.settings().patience().toNanos();
  }

  /** Waits before another try, or until the flight ends. */
  void pause(Duration delay) {
    lock.lock();
    try {
      long left = delay.toNanos();
      while (left > 0 && !stopped && failure == null) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  // The end

  /** Waits until something lands at {@code front}; false when the flight ends before. */
  boolean awaitLanded(long front) {
    lock.lock();
    try {
      while (staged.landedUntil(front) == front && phase == Phase.FETCHING && !stopped) {
        changed.await();
      }
      return phase == Phase.FETCHING && !stopped;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  void hasherEnded() {
    lock.lock();
    try {
      hasherRuns = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settleIfOver();
  }

  /** All has landed and is what was announced: nothing is held back any more. */
  void verified() {
    lock.lock();
    try {
      if (phase != Phase.FETCHING) {
        throw failure == null ? stoppedError() : failure;
      }
      phase = Phase.VERIFIED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The blob is in the store; readers may still come until {@link #ended}. */
  void committed(Digest digest) {
    lock.lock();
    try {
      published = digest;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whoever wanted to know of the blob was told. {@code trouble} is why it could not be: the bytes
   * are sound and given on, but who waits for publishing hears of it.
   */
  void ended(@Nullable RuntimeException trouble) {
    lock.lock();
    try {
      publishTrouble = trouble;
      phase = Phase.PUBLISHED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the flight badly: every reader gets {@code why}. Only the first reason counts, and none
   * does once the blob is in the store.
   */
  void fail(Throwable why) {
    lock.lock();
    try {
      failAlone(broken(why));
    } finally {
      lock.unlock();
    }
    settleIfOver();
  }

  /** As {@link #fail}, from a fetcher: what it could not get may have landed all the same. */
  void failFetching(Throwable why) {
    lock.lock();
    try {
      if (staged.landedUntil(0) == order.sizeBytes()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    fail(why);
  }

  private void failAlone(RuntimeException why) {
    assert lock.isHeldByCurrentThread();
    if (failure == null && published == null) {
      failure = why;
      phase = Phase.FAILED;
      stopFetching();
    }
  }

  /** What readers are told of {@code why}. */
  RuntimeException broken(Throwable why) {
    return why instanceof LarderException known
        ? known
        : new TransferException.Broken(
            "The download of %s broke off by a fault inside Larder (%s); try again, and report it if it comes back."
                .formatted(order.content().description(), why.getClass().getSimpleName()),
            why);
  }

  /**
   * For shutdown: fetching ends, what has landed stays, a blob already verified is still published.
   */
  void stop() {
    lock.lock();
    try {
      stopFetching();
    } finally {
      lock.unlock();
    }
    settleIfOver();
  }

  private void stopFetching() {
    assert lock.isHeldByCurrentThread();
    stopped = true;
    desk.abandonAll();
    changed.signalAll();
  }

  /** Whether nobody can board any more. */
  boolean over() {
    lock.lock();
    try {
      return stopped || phase == Phase.PUBLISHED || phase == Phase.FAILED;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands the staged blob back, once, when nobody writes or hashes it any more. Readers may still
   * read from it.
   */
  private void settleIfOver() {
    lock.lock();
    try {
      if (settling || !over() || fetchers > 0 || hasherRuns) {
        closeIfDeserted();
        return;
      }
      settling = true;
    } finally {
      lock.unlock();
    }
    crew.lanes().content(this);
    crew.lanes().passOn();
    try {
      crew.settle(this, failure);
    } finally {
      // Whatever came of that: nobody is to wait for it any longer.
      lock.lock();
      try {
        settled = true;
        changed.signalAll();
        closeIfDeserted();
      } finally {
        lock.unlock();
      }
    }
  }

  private void closeIfDeserted() {
    if (settled && seats.isEmpty()) {
      staged.close();
    }
  }

  /** The blob, once it is in the store. */
  Optional<Digest> published() {
    lock.lock();
    try {
      return Optional.ofNullable(published);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until an ended flight has handed its staged blob back; false after {@code limit}. */
  boolean awaitSettled(Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!settled && left > 0) {
        left = changed.awaitNanos(left);
      }
      return settled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean worthFinishing() {
    return hashing && landedBytes() * 2 >= order.sizeBytes();
  }

  long landedBytes() {
    return staged.landed().stream().mapToLong(ByteRange::length).sum();
  }

  Phase phase() {
    lock.lock();
    try {
      return phase;
    } finally {
      lock.unlock();
    }
  }
}
