package dev.larder.resident;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All state, and the one lock that guards it: which models are here, which are on their way in or
 * out, and the account of memory. A model is in exactly one of: live (can be had), draining (in
 * use, but no longer to be had), closing (nobody's), gone. Changes are made with {@link #change},
 * and what calls foreign code is done after it.
 */
final class House {
  private final ResidentSettings settings;
  private final Times times;
  private final ResidentListener listener;
  private final Crew crew;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private final Condition tending = lock.newCondition();

  /** Changed under the lock; read without it on the warm path. */
  private final Map<ModelKey<?>, Resident<?>> live = new ConcurrentHashMap<>();

  private final Set<Resident<?>> draining = new LinkedHashSet<>();
  private final Set<Resident<?>> closing = new LinkedHashSet<>();

  /** Loads that who asks now can join. */
  private final Map<ModelKey<?>, Loading<?>> joinable = new HashMap<>();

  /** These and the detached ones. */
  private final Set<Loading<?>> loads = new LinkedHashSet<>();

  private final Ledger ledger;
  private final RoomQueue queue;
  private final Keeping keeping;
  private final History history = new History();
  private boolean shut;

  /** Whether somebody wants to know of every lease that ends, since he waits for memory. */
  private volatile boolean pressed;

  House(ResidentSettings settings, Times times, ResidentListener listener, Crew crew) {
    this.settings = settings;
    this.times = times;
    this.listener = listener;
    this.crew = crew;
    this.ledger = new Ledger(settings.budgetBytes());
    this.queue = new RoomQueue(settings.queueLimit());
    this.keeping = new Keeping(settings.keepAlive());
  }

  /** Does {@code work} with the lock held, and then without it what that left to be done. */
  <T> T change(Function<Duties, T> work) {
    Duties duties = new Duties();
    lock.lock();
    try {
      return work.apply(duties);
    } finally {
      look();
      lock.unlock();
      duties.run(this);
    }
  }

  /** Wakes who may go on after a change. With the lock held. */
  void look() {
    assert lock.isHeldByCurrentThread();
    boolean over = ledger.freeBytes() < 0;
    pressed = over || !queue.isEmpty();
    queue.wakeHead();
    if (over) {
      tending.signal();
    }
    if (draining.isEmpty() && closing.isEmpty() && loads.isEmpty()) {
      quiet.signalAll();
    }
  }

  /** Keys are the same only if their types are, so what is found has the type that is asked for. */
  @SuppressWarnings("unchecked")
  <M> @Nullable Resident<M> find(ModelKey<M> key) {
    return (Resident<M>) live.get(key);
  }

  @SuppressWarnings("unchecked")
  <M> @Nullable Loading<M> joinable(ModelKey<M> key) {
    return (Loading<M>) joinable.get(key);
  }

  void begin(Loading<?> loading) {
    joinable.put(loading.key(), loading);
    loads.add(loading);
  }

  /** Whether it came well or not. */
  void end(Loading<?> loading) {
    joinable.remove(loading.key(), loading);
    loads.remove(loading);
  }

  /** Nobody joins it any more; who waits for it still gets what it brings. */
  boolean detach(ModelKey<?> key) {
    Loading<?> loading = joinable.remove(key);
    if (loading != null) {
      loading.detach();
    }
    return loading != null;
  }

  /** Answers how many could have been joined. */
  int detachAll() {
    int count = joinable.size();
    joinable.values().forEach(Loading::detach);
    joinable.clear();
    return count;
  }

  void admit(Resident<?> resident) {
    live.put(resident.key(), resident);
  }

  /** Nobody gets it any more; it is closed when nobody has it. With the lock held. */
  void drain(Resident<?> resident, Duties duties) {
    live.remove(resident.key(), resident);
    draining.add(resident);
    resident.become(Resident.State.DRAINING);
    closeIfDrained(resident, duties);
  }

  /** A lease ended that somebody may have waited for. */
  void settle(Resident<?> resident) {
    Void _ =
        change(
            duties -> {
              closeIfDrained(resident, duties);
              return null;
            });
  }

  private void closeIfDrained(Resident<?> resident, Duties duties) {
    if (resident.state() == Resident.State.DRAINING && resident.idle()) {
      dismiss(resident, duties);
    }
  }

  /** To be closed, by whoever has {@code duties}: nobody has it, and nobody can get it. */
  void dismiss(Resident<?> resident, Duties duties) {
    assert lock.isHeldByCurrentThread() && resident.state() != Resident.State.LIVE;
    resident.become(Resident.State.CLOSED);
    live.remove(resident.key(), resident);
    draining.remove(resident);
    closing.add(resident);
    ledger.closing(resident.bytes());
    history.gone(resident);
    duties.close(resident);
  }

  /** Its bytes are free. */
  void closed(Resident<?> resident) {
    lock.lock();
    try {
      closing.remove(resident);
      ledger.closed(resident.bytes());
      look();
    } finally {
      lock.unlock();
    }
  }

  void tell(ResidentEvent event) {
    try {
      listener.happened(event);
    } catch (Throwable _) {
      // Foreign code, on a thread that has other things to do: ResidentListener says so.
    }
  }

  void requireOpen() {
    if (shut) {
      throw closedError();
    }
  }

  ResidentException closedError() {
    return new ResidentException.Closed("Tried to get a model, but all of them are closed.");
  }

  boolean shut() {
    return shut;
  }

  void shutDown() {
    shut = true;
    queue.wakeAll();
    tending.signal();
  }

  /** Callers that wait for a load. */
  int waiting() {
    return loads.stream().mapToInt(each -> each.callers().size()).sum();
  }

  boolean pressed() {
    return pressed;
  }

  Collection<Resident<?>> live() {
    return live.values();
  }

  Set<Resident<?>> draining() {
    return draining;
  }

  Set<Resident<?>> closing() {
    return closing;
  }

  Set<Loading<?>> loads() {
    return loads;
  }

  /** Signalled when nothing is on its way in or out. */
  Condition quiet() {
    return quiet;
  }

  /** Signalled when models that are kept should be looked at anew. */
  Condition tending() {
    return tending;
  }

  ReentrantLock lock() {
    return lock;
  }

  Ledger ledger() {
    return ledger;
  }

  RoomQueue queue() {
    return queue;
  }

  Keeping keeping() {
    return keeping;
  }

  History history() {
    return history;
  }

  Crew crew() {
    return crew;
  }

  Times times() {
    return times;
  }

  ResidentSettings settings() {
    return settings;
  }
}
