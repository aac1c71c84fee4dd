package dev.larder.app;

import dev.larder.cli.Larder;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.Statistics;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A larder that this process works on alone. */
final class LocalLarder implements Larder {
  private final House house;
  private final Caller caller;
  private final Runnable release;

  /** {@code release} runs after the rooms are closed: it gives the lock back. */
  LocalLarder(House house, Caller caller, Runnable release) {
    this.house = house;
    this.caller = caller;
    this.release = release;
  }

  @Override
  public PullResult pull(PullRequest request, PullListener listener) {
    return house.puller().pull(request, caller, listener);
  }

  @Override
  public List<RepoListing> list() {
    return house.inventory().list();
  }

  @Override
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    return house.verifier(caller).verify(request, listener);
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    house.traffic().flush();
    return Statistics.since(house.catalog(), since);
  }

  @Override
  public void close() {
    try {
      house.close();
    } finally {
      release.run();
    }
  }
}
