package dev.larder.serve.api;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.provision.Archives;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.ScrubStatus;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** What the store's API lets a command do. Everything blocks. */
public interface StoreService {
  PullResult pull(PullRequest request, Caller caller, PullListener listener);

  List<RepoListing> list(ListRequest request);

  VerifyReport verify(VerifyRequest request, Caller caller, VerifyListener listener);

  /** How far the nightly scrub is, by the name of its location, primary first. */
  SequencedMap<String, ScrubStatus> scrub();

  StatsReport stats(Optional<Instant> since);

  /** Archives, imports and exports, with the rights of {@code caller} where the hub is asked. */
  Archives archives(Caller caller);

  Removals removals();

  /** What must stay, and what had to go. */
  Budget budget();

  WhyReport why(WhyRequest request);

  /** What the server was told of the store and its upstreams, by variable. */
  Map<String, String> settings();
}
