package dev.larder.app;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.serve.api.StoreService;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.Statistics;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rooms of a running server, as its API offers them to commands. */
record ServedStore(House house) implements StoreService {
  @Override
  public PullResult pull(PullRequest request, Caller caller, PullListener listener) {
    return house.puller().pull(request, caller, listener);
  }

  @Override
  public List<RepoListing> list() {
    return house.inventory().list();
  }

  @Override
  public VerifyReport verify(VerifyRequest request, Caller caller, VerifyListener listener) {
    return house.verifier(caller).verify(request, listener);
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    house.traffic().flush();
    return Statistics.since(house.catalog(), since);
  }
}
