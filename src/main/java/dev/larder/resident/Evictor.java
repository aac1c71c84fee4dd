package dev.larder.resident;

import dev.larder.resident.ResidentEvent.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets go of idle models: for room, for the budget's sake, for age. All with the lock held. */
record Evictor(House house) {
  /**
   * Reserves the estimate of {@code wanted}. If there is no room for it but there can be, makes it,
   * and answers false: it is there when {@code duties} are done.
   */
  boolean reserve(Loading<?> wanted, Duties duties) {
    Ledger ledger = house.ledger();
    long needed = wanted.estimateBytes();
    if (needed <= ledger.freeBytes()) {
      ledger.reserve(needed);
      return true;
    }
    long missing = ledger.missingFor(needed);
    evict(missing, new Reason.Room(wanted.key(), needed, missing), duties);
    return false;
  }

  /** As far as that can be done: what is in use stays. */
  void returnToBudget(Duties duties) {
    long over = house.ledger().missingFor(0);
    if (over > 0) {
      long most = idle(Set.of()).stream().mapToLong(Candidate::bytes).sum();
      evict(Math.min(over, most), new Reason.OverBudget(over), duties);
    }
  }

  /** Those that nobody used for longer than they are kept. */
  void expire(Duties duties) {
    long now = house.times().now();
    for (Resident<?> each : List.copyOf(house.live())) {
      Duration keepAlive = house.keeping().keepAlive(each.key());
      long idle = now - each.usedNanos();
      if (idle >= Times.nanos(keepAlive)
          && !house.keeping().pinned(each.key())
          && each.freezeIfIdle()) {
        go(each, new Reason.Idle(Duration.ofNanos(idle), keepAlive), duties);
      }
    }
  }

  /** How long until {@link #expire} may find something, if nobody uses anything meanwhile. */
  long nextExpiry() {
    long now = house.times().now();
    long next = Times.FOR_EVER;
    for (Resident<?> each : house.live()) {
      if (house.keeping().pinned(each.key())) {
        continue;
      }
      long keep = Times.nanos(house.keeping().keepAlive(each.key()));
      next = Math.min(next, keep - (now - each.usedNanos()));
    }
    return next;
  }

  private void evict(long missing, Reason reason, Duties duties) {
    Set<ModelKey<?>> busy = new HashSet<>();
    while (true) {
      List<Resident<?>> plan =
          EvictionPolicy.plan(idle(busy), missing).stream()
              .<Resident<?>>map(each -> house.find(each.key()))
              .toList();
      Resident<?> used = freeze(plan);
      if (used == null) {
        plan.forEach(each -> go(each, reason, duties));
        return;
      }
      busy.add(used.key()); // Somebody took it meanwhile, so another plan is needed.
    }
  }

  private List<Candidate> idle(Set<ModelKey<?>> busy) {
    long now = house.times().now();
    List<Candidate> idle = new ArrayList<>();
    for (Resident<?> each : house.live()) {
      if (!busy.contains(each.key()) && !house.keeping().pinned(each.key()) && each.idle()) {
        idle.add(new Candidate(each.key(), each.bytes(), now - each.usedNanos(), each.loadNanos()));
      }
    }
    return idle;
  }

  /** All of them or none: answers the one that is in use, null when all are frozen. */
  private static @Nullable Resident<?> freeze(List<Resident<?>> plan) {
    for (int i = 0; i < plan.size(); i++) {
      if (!plan.get(i).freezeIfIdle()) {
        plan.subList(0, i).forEach(each -> each.become(Resident.State.LIVE));
        return plan.get(i);
      }
    }
    return null;
  }

  private void go(Resident<?> resident, Reason reason, Duties duties) {
    house.history().evicted();
    duties.tell(new ResidentEvent.Evicted(resident.key(), resident.bytes(), reason));
    house.dismiss(resident, duties);
  }
}
