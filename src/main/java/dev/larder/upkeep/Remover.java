package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@link Removals} over the rooms of one location, which is the only one that it knows. */
public final class Remover implements Removals {
  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Pins pins;
  private final Seclusion seclusion;
  private final Ballast ballast;
  private final InstantSource clock;
  private final String by;

  /** {@code by}: who removes, as it is written down. */
  public Remover(
      BlobStore store,
      HubTree tree,
      Catalog catalog,
      Pins pins,
      Seclusion seclusion,
      Ballast ballast,
      InstantSource clock,
      String by) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.pins = pins;
    this.seclusion = seclusion;
    this.ballast = ballast;
    this.clock = clock;
    this.by = by;
  }

  @Override
  public RemovalPlan plan(List<VerifyTarget> targets, Optional<String> location) {
    return planner().named(targets);
  }

  @Override
  public RemovalPlan plan(Pruning limits) {
    return planner().prune(limits);
  }

  private RemovalPlanner planner() {
    return new RemovalPlanner(holdings(), pins, clock.instant());
  }

  private Holdings holdings() {
    return new HoldingsReader(store, tree, catalog).read(pins.blobs(), clock.instant());
  }

  @Override
  public RemovalReport apply(RemovalPlan plan) {
    ballast.giveUpWhenShort();
    Removing removing =
        new Removing(store, tree, catalog, pins, seclusion, holdings(), clock.instant());
    try {
      plan.going().forEach(removing::step);
    } finally {
      new RemovalNotes(catalog, by).write(removing.report().gone(), clock.instant());
    }
    return removing.report();
  }
}
