package dev.larder.resident;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One who waits for a load, and what came of it. Guarded by the house's lock. */
final class Caller<M> {
  private final String owner;
  private @Nullable OpenLease<M> lease;
  private @Nullable Supplier<ResidentException> refusal;

  Caller(String owner) {
    this.owner = owner;
  }

  String owner() {
    return owner;
  }

  void give(OpenLease<M> taken) {
    lease = taken;
  }

  @Nullable OpenLease<M> lease() {
    return lease;
  }

  /** {@code why} is asked on the caller's own thread, so that the exception tells where he was. */
  void refuse(Supplier<ResidentException> why) {
    refusal = why;
  }

  @Nullable Supplier<ResidentException> refusal() {
    return refusal;
  }
}
