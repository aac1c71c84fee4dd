package dev.larder.resident;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Models in memory, shared: each is loaded once, used under leases, and let go of when room is
 * wanted or nobody used it for long.
 *
 * <p>Safe for concurrent use. An acquire of a model that is here, and the end of its lease, take no
 * lock while nobody waits for memory, and seldom write what other threads write. Memory is counted
 * in bytes as the loaders say: reserved by the estimate before a load begins, corrected when it is
 * over, free when the model is closed. Only a model that is larger than its estimate takes the sum
 * above the budget; idle ones go for it then, and nothing is loaded until there is room.
 *
 * <p>A model is closed exactly once, never while a lease on it is open, and on the thread that
 * ended its use: of the last lease of what was unloaded, of the load that needed the room, or of
 * the one that looks after idle models. A thread that holds a lease and waits for another model may
 * wait for itself; patience ends that.
 */
public final class ResidentModels implements AutoCloseable {
  private final House house;
  private final Admission admission;
  private final Departure departure;
  private final Reports reports;
  private final Tending tending;

  /**
   * Models, and a thread that looks after idle ones until {@link #close}. {@code clock}: for the
   * times that are shown; {@code InstantSource.system()} in a program.
   */
  public static ResidentModels open(
      ResidentSettings settings, InstantSource clock, ResidentListener listener) {
    ResidentModels models = new ResidentModels(settings, clock, System::nanoTime, listener);
    models.tending.start();
    return models;
  }

  /**
   * With time by {@code nanos}, and without a thread that looks after it: what is due is done by
   * {@link #sweep}. For tests, and for programs that have a thread for such things.
   */
  public ResidentModels(
      ResidentSettings settings,
      InstantSource clock,
      LongSupplier nanos,
      ResidentListener listener) {
    this(settings, new Times(clock, nanos), listener, Crew.THREADS);
  }

  ResidentModels(ResidentSettings settings, Times times, ResidentListener listener, Crew crew) {
    this.house = new House(settings, times, listener, crew);
    this.admission = new Admission(house);
    this.departure = new Departure(house);
    this.reports = new Reports(house);
    this.tending = new Tending(house);
  }

  /** As below, with the patience of the settings. */
  public <M> Lease<M> acquire(ModelKey<M> key, ModelLoader<M> loader, String owner) {
    return acquire(key, loader, owner, house.settings().patience());
  }

  /**
   * A lease on the model, which {@code loader} loads if it is neither here nor on its way. The load
   * has a thread of its own: that a caller gives up or is interrupted harms nobody else, and once
   * begun it goes on. Blocks for {@code patience} at most. Close the lease.
   *
   * @throws ResidentException of the kind that says why there is none
   */
  public <M> Lease<M> acquire(
      ModelKey<M> key, ModelLoader<M> loader, String owner, Duration patience) {
    Objects.requireNonNull(owner, "owner");
    Resident<M> here = house.find(key);
    OpenLease<M> lease = here == null ? null : here.tryLease(owner);
    return lease == null ? admission.acquire(key, loader, owner, patience) : lease;
  }

  /**
   * Begins to load it unless it is here or on its way, and returns. It waits for room as long as a
   * caller with the settings' patience; if nothing comes of it, the listener is told.
   */
  public <M> void preload(ModelKey<M> key, ModelLoader<M> loader, String owner) {
    admission.preload(key, loader, owner, house.settings().patience());
  }

  /**
   * From now on nobody gets this model: it is closed after its last lease, and the next acquire
   * loads it anew. Who waits for its load still gets it. Pins do not hinder this, and stay for the
   * next one. Answers whether there was anything to unload.
   */
  public boolean unload(ModelKey<?> key) {
    return departure.unload(key);
  }

  /** {@link #unload} of all at once; answers how many were here or on their way. */
  public int clear() {
    return departure.clear();
  }

  /** Keeps it, whether it is loaded now or later, until {@link #unpin} by the same owner. */
  public void pin(ModelKey<?> key, String owner) {
    house.change(
        _ -> {
          house.keeping().pin(key, owner, house.times().clock().instant());
          return key;
        });
  }

  /** Answers whether the owner had pinned it. */
  public boolean unpin(ModelKey<?> key, String owner) {
    return house.change(
        _ -> {
          house.tending().signal();
          return house.keeping().unpin(key, owner);
        });
  }

  public List<Pin> pins() {
    return house.change(_ -> house.keeping().pins());
  }

  /**
   * How long this one is kept when nobody uses it, now and when it is loaded again; {@link
   * ResidentSettings#FOR_EVER} for as long as there is room.
   */
  public void keepAlive(ModelKey<?> key, Duration most) {
    house.change(
        _ -> {
          house.keeping().keepAlive(key, most);
          house.tending().signal();
          return key;
        });
  }

  /** The models that can be had, in no order. */
  public List<ResidentEntry> entries() {
    return house.change(_ -> reports.entries());
  }

  /** The open leases, oldest first, also of models that were unloaded. */
  public List<Holding> leases() {
    return house.change(_ -> reports.leases());
  }

  public ResidentStats stats() {
    return house.change(_ -> reports.stats());
  }

  /** Lets go of what was idle for too long or is above the budget, now. */
  public void sweep() {
    tending.sweep();
  }

  /**
   * Refuses who comes from now on and who waits for room, waits for leases and loads as long as the
   * settings say, and closes all models. What is still used then is told to the listener, and is
   * closed when its use ends. The second time does nothing.
   */
  @Override
  public void close() {
    departure.close(house.settings().closePatience());
  }
}
