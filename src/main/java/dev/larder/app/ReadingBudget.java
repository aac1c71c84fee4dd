package dev.larder.app;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.upkeep.Budget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A budget that may be looked at. */
record ReadingBudget(Budget budget, StoreReadOnly reason) implements Budget {
  @Override
  public Pin pin(Wish wish) {
    throw reason;
  }

  @Override
  public List<Pin> pins() {
    return budget.pins();
  }

  @Override
  public Pin unpin(RepoId repo, Optional<Revision> revision, String owner) {
    throw reason;
  }

  @Override
  public List<Evicted> evictions(Instant since) {
    return budget.evictions(since);
  }
}
