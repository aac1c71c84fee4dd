package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.store.StagedBlob;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The upstream's side of a flight: how many fetchers and whether a hasher are out, and what each
 * fetcher does next. Guarded by the lock of {@link Course}.
 */
final class Fetching implements Lanes.Lessee {
  private final Flight flight;
  private final StagedBlob staged;
  private final Course course;
  private final FlightCrew crew;
  private final FetchDesk desk;
  private final Landing landing;

  private int fetchers;
  private boolean hashing;
  private boolean hasherRuns;

  Fetching(Flight flight, Course course, FlightCrew crew) {
    this.flight = flight;
    this.staged = flight.staged();
    this.course = course;
    this.crew = crew;
    this.landing = new Landing(course, staged, crew.settings());
    this.desk = new FetchDesk(flight.order(), staged, crew.settings());
  }

  /** Where the bytes go. */
  Landing landing() {
    return landing;
  }

  /** With the lock held: whether nobody fetches. */
  boolean idle() {
    return fetchers == 0;
  }

  /** With the lock held: whether somebody may still write or hash. */
  boolean busy() {
    return fetchers > 0 || hasherRuns;
  }

  /** With the lock held: whether all of the file was wanted at any time. */
  boolean hashing() {
    return hashing;
  }

  /**
   * With the lock held: whether {@link #dispatch} would do nothing for {@code seat}. It looks at
   * what every reader wants, which thousands of them cannot each ask for at every step.
   */
  boolean servesAlready(Seat seat) {
    return hashing && fetchers > 0 && seat.wholeFile() && desk.comesTo(seat.want().position());
  }

  /**
   * Sends out fetchers for what is wanted and not covered, and the hasher once all of the file is
   * wanted. With the lock held.
   */
  void dispatch() {
    assert course.locked();
    if (course.over()) {
      return;
    }
    List<Want> wants = flight.wants();
    if (!hashing && wants.stream().anyMatch(Want::wholeFile)) {
      hashing = true;
      hasherRuns = sendOut(() -> crew.hash(flight));
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
    return !course.over() && fetchers < allowed(wants);
  }

  /** How many fetchers may run for {@code wants} now. */
  private int allowed(List<Want> wants) {
    return desk.allowed(wants, hasherRuns && landing.hasherLags());
  }

  /** The hasher has come so far. */
  void hashed(long bytes) {
    course.lock();
    try {
      boolean lagged = landing.hasherLags();
      landing.hashedTo(bytes);
      if (lagged && !landing.hasherLags()) {
        dispatch();
      }
    } finally {
      course.unlock();
    }
  }

  /** Sends out a fetcher on a lane that was taken for it. */
  private void fetch(Claim claim) {
    if (fetchers == 0) {
      landing.beginPatience(); // It may have waited long for its turn.
    }
    fetchers++;
    if (!sendOut(() -> crew.fetch(flight, claim))) {
      fetchers--;
      desk.giveBack(claim);
      crew.lanes().give(this);
    }
  }

  @Override
  public void laneGranted() {
    course.lock();
    try {
      List<Want> wants = flight.wants();
      Claim claim = wantsFetcher(wants) ? desk.claim(wants) : null;
      if (claim == null) {
        crew.lanes().give(this);
      } else {
        fetch(claim);
        dispatch();
      }
    } finally {
      course.unlock();
    }
    flight.settleIfOver();
  }

  /** Whether it could be done; when not, for want of threads or memory, the flight fails. */
  private boolean sendOut(Runnable start) {
    try {
      start.run();
      return true;
    } catch (RuntimeException | Error e) {
      fail(course.broken(e));
      return false;
    }
  }

  /** The next claim for a fetcher that has done {@code done}, or null: it may go. */
  @Nullable Claim nextClaim(Claim done) {
    course.lock();
    try {
      desk.giveBack(done);
      landing.announce();
      List<Want> wants = flight.wants();
      boolean enough = fetchers > allowed(wants) || crew.lanes().shouldYield(this);
      return course.over() || enough ? null : desk.claim(wants);
    } finally {
      course.unlock();
    }
  }

  /** A fetcher cannot get its claim. Answers whether others still fetch and take it over. */
  boolean canDoWithout(Claim claim) {
    return ask(() -> !landing.outOfPatience() && desk.takeOver(claim, fetchers - 1));
  }

  /** Whether a fetcher is to leave its claim to others here, for a flight that cannot begin. */
  boolean givesWay(Claim claim) {
    if (!crew.lanes().starving()) {
      return false;
    }
    course.lock();
    try {
      if (desk.oneStream() || !crew.lanes().shouldCut(this)) {
        return false;
      }
      claim.endAt(claim.position());
      return true;
    } finally {
      course.unlock();
    }
  }

  void fetcherEnded() {
    course.lock();
    try {
      fetchers--;
      desk.forgetEnded();
    } finally {
      course.unlock();
    }
    crew.lanes().handOver(this);
    course.lock();
    try {
      dispatch();
      course.announce();
    } finally {
      course.unlock();
    }
    flight.settleIfOver();
  }

  /** See {@link FetchDesk#accept}. */
  void opened(Claim mine, RemoteContent.Body body, @Nullable ByteRange asked) {
    course.lock();
    try {
      if (desk.accept(mine, body, asked)) {
        dispatch();
      }
    } finally {
      course.unlock();
    }
    body.validator().ifPresent(tag -> staged.note("validator", tag));
  }

  /** See {@link FetchDesk#fallBackToOneStream}. */
  boolean fallBackToOneStream(Claim mine) {
    return ask(() -> desk.fallBackToOneStream(mine));
  }

  boolean oneStream() {
    return ask(() -> desk.oneStream());
  }

  private boolean ask(BooleanSupplier question) {
    course.lock();
    try {
      return question.getAsBoolean();
    } finally {
      course.unlock();
    }
  }

  @Nullable String validator() {
    course.lock();
    try {
      return desk.validator();
    } finally {
      course.unlock();
    }
  }

  /** A try failed: asks for less of an upstream that says it is busy. */
  void note(UpstreamException trouble) {
    course.lock();
    try {
      if (trouble instanceof UpstreamException.UpstreamBusy) {
        desk.askForLess();
      }
    } finally {
      course.unlock();
    }
    crew.troubled(flight.order(), trouble);
  }

  void hasherEnded() {
    course.lock();
    try {
      hasherRuns = false;
      course.announce();
    } finally {
      course.unlock();
    }
    flight.settleIfOver();
  }

  /** A fetcher failed: unless what it could not get has landed all the same, the flight has too. */
  void failed(Throwable why) {
    course.lock();
    try {
      if (staged.landedUntil(0) != staged.sizeBytes()) {
        fail(course.broken(why));
      }
    } finally {
      course.unlock();
    }
    flight.settleIfOver();
  }

  /** With the lock held. */
  void fail(RuntimeException why) {
    if (course.failed(why)) {
      stop();
    }
  }

  /** With the lock held: nothing more is fetched. */
  void stop() {
    course.stop();
    desk.abandonAll();
  }

  /** The flight is over: others may have the lanes that it waited for. */
  void leaveLanes() {
    crew.lanes().leave(this);
  }
}
