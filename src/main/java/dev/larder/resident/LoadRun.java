package dev.larder.resident;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A load, on a thread of its own: estimate, wait for room, load, hand out. */
final class LoadRun<M> implements Runnable {
  private final House house;
  private final Loading<M> loading;
  private final Evictor evictor;
  private final Reports reports;

  LoadRun(House house, Loading<M> loading) {
    this.house = house;
    this.loading = loading;
    this.evictor = new Evictor(house);
    this.reports = new Reports(house);
  }

  ModelKey<M> key() {
    return loading.key();
  }

  void start() {
    try {
      house.crew().start(this);
    } catch (Throwable e) { // When no thread can be had, that is an Error.
      failed(e);
    }
  }

  @Override
  public void run() {
    try {
      long estimateBytes = loading.loader().estimateBytes();
      if (estimateBytes < 0) {
        throw new IllegalArgumentException("a model cannot take " + estimateBytes + " bytes");
      }
      Supplier<ResidentException> refusal = awaitRoom(estimateBytes);
      if (refusal != null) {
        end(refusal, refusal.get());
        return;
      }
      load();
    } catch (Throwable e) { // The root of a thread, and foreign code.
      failed(e);
    }
  }

  /** Null when the estimate is reserved, else why it will not be. */
  private @Nullable Supplier<ResidentException> awaitRoom(long estimateBytes)
      throws InterruptedException {
    Supplier<ResidentException> refusal = house.change(_ -> enter(estimateBytes));
    while (refusal == null) {
      Duties duties = new Duties();
      house.lock().lock();
      try {
        refusal = awaitTurn(duties);
        if (loading.reserved()) {
          house.queue().leave(loading);
          return null;
        }
      } finally {
        house.look();
        house.lock().unlock();
        duties.run(house); // Here, so that only the one who needs room waits for models to close.
      }
    }
    return refusal;
  }

  private @Nullable Supplier<ResidentException> enter(long estimateBytes) {
    long budget = house.settings().budgetBytes();
    if (estimateBytes > budget) {
      return () -> reports.tooBig(loading.key(), estimateBytes);
    }
    loading.estimate(estimateBytes);
    if (!house.queue().enter(loading)) {
      List<Holding> holdings = reports.holdings();
      return () -> reports.queueFull(loading.key(), holdings);
    }
    return null;
  }

  /**
   * Until room is reserved, is refused, or can be had by doing {@code duties}. What must be seen by
   * whoever ends a lease, that somebody waits, was set before the first look at the slots.
   */
  private @Nullable Supplier<ResidentException> awaitTurn(Duties duties)
      throws InterruptedException {
    while (true) {
      if (house.shut()) {
        return house::closedError;
      }
      if (house.queue().isHead(loading)) {
        loading.reserved(evictor.reserve(loading, duties));
        if (loading.reserved() || !duties.isEmpty()) {
          return null;
        }
      }
      long now = house.times().now();
      if (loading.abandoned(now)) {
        List<Holding> holdings = reports.holdings();
        return () ->
            reports.noRoom(loading, Duration.ofNanos(now - loading.askedNanos()), holdings);
      }
      long _ = loading.turn().awaitNanos(loading.stayLeft(now));
    }
  }

  private void load() throws Exception {
    long begun = house.times().now();
    Loaded<M> loaded = loading.loader().load();
    if (loaded == null) {
      throw new IllegalStateException("the loader answered null instead of a model");
    }
    long took = house.times().now() - begun;
    Resident<M> resident = resident(loaded, took);
    Void _ =
        house.change(
            duties -> {
              arrived(resident, Duration.ofNanos(took), duties);
              return null;
            });
  }

  private Resident<M> resident(Loaded<M> loaded, long took) throws Exception {
    try {
      M _ = loading.key().type().cast(loaded.model());
      return new Resident<>(house, loading.key(), loaded, took);
    } catch (Throwable e) {
      try (AutoCloseable _ = loaded.closing()) {
        throw e;
      }
    }
  }

  private void arrived(Resident<M> resident, Duration took, Duties duties) {
    house.end(loading);
    house.ledger().arrived(loading.estimateBytes(), resident.bytes());
    house.history().loaded();
    duties.tell(
        new ResidentEvent.Arrived(loading.key(), loading.estimateBytes(), resident.bytes(), took));
    for (Caller<M> caller : loading.callers()) {
      caller.give(resident.grant(caller.owner()));
    }
    if (loading.detached()) {
      house.drain(resident, duties);
    } else {
      house.admit(resident);
    }
    loading.settled().signalAll();
    house.tending().signal();
    house.look();
    evictor.returnToBudget(duties);
  }

  private void failed(Throwable cause) {
    end(() -> reports.loadFailed(loading.key(), cause), cause);
  }

  private void end(Supplier<ResidentException> refusal, Throwable cause) {
    Void _ =
        house.change(
            duties -> {
              house.end(loading);
              house.queue().leave(loading);
              if (loading.reserved()) {
                house.ledger().release(loading.estimateBytes());
              }
              house.history().failed();
              loading.callers().forEach(caller -> caller.refuse(refusal));
              loading.settled().signalAll();
              duties.tell(new ResidentEvent.NotLoaded(loading.key(), cause));
              return null;
            });
  }
}
