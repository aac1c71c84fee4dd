package dev.larder.serve.api;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the store's API lets a command do. Everything blocks. */
public interface StoreService {
  PullResult pull(PullRequest request, Caller caller, PullListener listener);

  List<RepoListing> list();

  VerifyReport verify(VerifyRequest request, Caller caller, VerifyListener listener);

  StatsReport stats(Optional<Instant> since);
}
