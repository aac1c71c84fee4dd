package dev.larder.app;

import dev.larder.access.Tokens;
import dev.larder.cli.Larder;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.models.Models;
import dev.larder.provision.Archives;
import dev.larder.settings.Location;
import dev.larder.store.StoreException;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
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

  /** Locations that are only read because their disks are full. */
  List<Location> full() {
    return house.located().all().stream()
        .map(LocationFront::rooms)
        .filter(rooms -> rooms.readOnly().filter(StoreException::isWantOfRoom).isPresent())
        .map(LocationRooms::location)
        .toList();
  }

  @Override
  public PullResult pull(PullRequest request, PullListener listener) {
    return house.located().pull(request, caller, listener);
  }

  @Override
  public List<RepoListing> list(ListRequest request) {
    return house.located().list(request);
  }

  @Override
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    return house.located().verify(request, caller, listener);
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    return house.located().stats(since);
  }

  @Override
  public Removals removals() {
    return house.located().removals();
  }

  @Override
  public WhyReport why(WhyRequest request) {
    return house.located().why(request);
  }

  @Override
  public Tokens tokens() {
    house.located().primary().rooms().requireKnown();
    return house.access().tokens();
  }

  /** What is brought is brought in the name of whoever opened this. */
  @Override
  public Models models() {
    house.located().primary().rooms().requireKnown();
    return new ModelsInNameOf(house.models(), caller);
  }

  @Override
  public Archives archives() {
    return house.archives(caller);
  }

  @Override
  public Budget budget() {
    return house.located().budget();
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
