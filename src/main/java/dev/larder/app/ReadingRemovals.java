package dev.larder.app;

import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.VerifyTarget;
import java.util.List;
import java.util.Optional;

/** What would go can be seen; that it goes is refused with the reason. */
record ReadingRemovals(Removals removals, StoreReadOnly reason) implements Removals {
  @Override
  public RemovalPlan plan(List<VerifyTarget> targets, Optional<String> location) {
    return removals.plan(targets, location);
  }

  @Override
  public RemovalPlan plan(Pruning limits) {
    return removals.plan(limits);
  }

  @Override
  public RemovalReport apply(RemovalPlan plan) {
    throw reason;
  }
}
