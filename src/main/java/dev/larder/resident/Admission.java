package dev.larder.resident;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The way to a model that is not simply there: join its load or begin one, and wait. */
record Admission(House house, Reports reports) {
  Admission(House house) {
    this(house, new Reports(house));
  }

  /** What somebody who asks finds. */
  private sealed interface Found<M> {
    record Here<M>(OpenLease<M> lease) implements Found<M> {}

    record Underway<M>(Loading<M> loading, Caller<M> caller) implements Found<M> {}
  }

  <M> Lease<M> acquire(ModelKey<M> key, ModelLoader<M> loader, String owner, Duration patience) {
    long begun = house.times().now();
    Found<M> found = house.change(duties -> ask(key, loader, owner, begun, duties));
    return switch (found) {
      case Found.Here<M>(OpenLease<M> lease) -> lease;
      case Found.Underway<M>(Loading<M> loading, Caller<M> caller) ->
          house.change(_ -> await(loading, caller, begun, patience));
    };
  }

  private <M> Found<M> ask(
      ModelKey<M> key, ModelLoader<M> loader, String owner, long now, Duties duties) {
    house.requireOpen();
    Resident<M> here = house.find(key);
    OpenLease<M> lease = here == null ? null : here.tryLease(owner);
    if (lease != null) {
      return new Found.Here<>(lease); // It came, or thawed, meanwhile.
    }
    house.history().missed(key);
    if (house.waiting() >= house.settings().callerLimit()) {
      throw reports.queueFull(key, reports.holdings());
    }
    Loading<M> joined = house.joinable(key);
    duties.tell(new ResidentEvent.Missed(key, owner, joined != null));
    Loading<M> loading = joined == null ? begin(key, loader, owner, now, now, duties) : joined;
    return new Found.Underway<>(loading, loading.join(owner));
  }

  /** Begins to load what is not here nor on its way. It waits for room so long at most. */
  <M> void preload(ModelKey<M> key, ModelLoader<M> loader, String owner, Duration patience) {
    long now = house.times().now();
    Void _ =
        house.change(
            duties -> {
              house.requireOpen();
              if (house.find(key) == null && house.joinable(key) == null) {
                Loading<M> _ = begin(key, loader, owner, now, now + Times.nanos(patience), duties);
              }
              return null;
            });
  }

  private <M> Loading<M> begin(
      ModelKey<M> key, ModelLoader<M> loader, String owner, long now, long stay, Duties duties) {
    Loading<M> loading = new Loading<>(key, loader, owner, now, stay, house.lock());
    house.begin(loading);
    duties.start(new LoadRun<>(house, loading));
    return loading;
  }

  private <M> Lease<M> await(Loading<M> loading, Caller<M> caller, long begun, Duration patience) {
    InterruptedException interrupted = null;
    while (true) {
      OpenLease<M> lease = caller.lease();
      if (lease != null) {
        return lease; // Also when interrupted at the same time: whoever has it gives it back.
      }
      Supplier<ResidentException> refusal = caller.refusal();
      if (refusal != null) {
        throw refusal.get();
      }
      long waited = house.times().now() - begun;
      long left = Times.nanos(patience) - waited;
      if (interrupted != null || left <= 0) {
        loading.leave(caller);
        throw interrupted == null
            ? late(loading, Duration.ofNanos(waited))
            : cut(loading, interrupted);
      }
      try {
        long _ = loading.settled().awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        interrupted = e;
      }
    }
  }

  private ResidentException late(Loading<?> loading, Duration waited) {
    if (!loading.queued()) {
      return reports.stillLoading(loading.key(), waited);
    }
    List<Holding> holdings = reports.holdings();
    return reports.noRoom(loading, waited, holdings);
  }

  private static ResidentException cut(Loading<?> loading, InterruptedException cause) {
    return new ResidentException.Interrupted(
        "Interrupted while waiting for %s.".formatted(loading.key()), cause);
  }
}
