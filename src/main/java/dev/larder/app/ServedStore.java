package dev.larder.app;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.provision.Archives;
import dev.larder.serve.api.StoreService;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.Scrub;
import dev.larder.upkeep.ScrubStatus;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The rooms of a running server, as its API offers them to commands. {@code scrubs}: by location.
 */
record ServedStore(House house, Map<String, String> settings, SequencedMap<String, Scrub> scrubs)
    implements StoreService {
  @Override
  public PullResult pull(PullRequest request, Caller caller, PullListener listener) {
    return house.located().pull(request, caller, listener);
  }

  @Override
  public List<RepoListing> list(ListRequest request) {
    return house.located().list(request);
  }

  @Override
  public VerifyReport verify(VerifyRequest request, Caller caller, VerifyListener listener) {
    return house.located().verify(request, caller, listener);
  }

  @Override
  public Archives archives(Caller caller) {
    return house.archives(caller);
  }

  @Override
  public Removals removals() {
    return house.located().removals();
  }

  @Override
  public Budget budget() {
    return house.located().budget();
  }

  @Override
  public SequencedMap<String, ScrubStatus> scrub() {
    SequencedMap<String, ScrubStatus> all = new LinkedHashMap<>();
    scrubs.forEach((location, scrub) -> all.put(location, scrub.status()));
    return all;
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    return house.located().stats(since).with(HubLimits.of(house.hub()));
  }

  @Override
  public WhyReport why(WhyRequest request) {
    return house.located().why(request);
  }
}
