package dev.larder.app;

import dev.larder.cli.Larder;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A larder that may be looked at: what would write is refused with the reason. */
record ReadingLarder(Larder larder, StoreReadOnly reason) implements Larder {
  @Override
  public PullResult pull(PullRequest request, PullListener listener) {
    throw reason;
  }

  @Override
  public List<RepoListing> list() {
    return larder.list();
  }

  @Override
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    if (request.repair()) {
      throw reason;
    }
    return larder.verify(request, listener);
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    return larder.stats(since);
  }

  @Override
  public void close() {
    larder.close();
  }
}
