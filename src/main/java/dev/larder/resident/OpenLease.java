package dev.larder.resident;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lease and the slot it is in. */
final class OpenLease<M> implements Lease<M> {
  private final Resident<M> resident;
  private final String owner;
  private final long takenNanos;
  private final boolean hit;
  private final @Nullable Throwable taken;

  /** Set once, before anybody but its maker has the lease. */
  private int slot;

  OpenLease(Resident<M> resident, String owner, long takenNanos, boolean hit) {
    this.resident = resident;
    this.owner = owner;
    this.takenNanos = takenNanos;
    this.hit = hit;
    this.taken = resident.house().settings().traceLeases() ? new Throwable() : null;
  }

  void slot(int taken) {
    slot = taken;
  }

  int slot() {
    return slot;
  }

  long takenNanos() {
    return takenNanos;
  }

  List<StackTraceElement> trace() {
    return taken == null ? List.of() : List.of(taken.getStackTrace());
  }

  @Override
  public M model() {
    if (!resident.has(this)) {
      throw new IllegalStateException("The lease of %s by %s is closed.".formatted(key(), owner));
    }
    return resident.model();
  }

  @Override
  public ModelKey<M> key() {
    return resident.key();
  }

  @Override
  public String owner() {
    return owner;
  }

  @Override
  public boolean hit() {
    return hit;
  }

  @Override
  public void close() {
    resident.giveBack(this);
  }
}
