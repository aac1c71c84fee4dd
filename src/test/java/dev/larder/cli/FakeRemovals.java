package dev.larder.cli;

import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.VerifyTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plans what a test put here, and remembers what was asked and applied. */
final class FakeRemovals implements Removals {
  final List<Object> asked = new ArrayList<>();
  final List<RemovalPlan> applied = new ArrayList<>();
  RemovalPlan plan = new RemovalPlan(List.of(), List.of(), 0);

  @Override
  public RemovalPlan plan(List<VerifyTarget> targets, Optional<String> location) {
    asked.add(targets);
    location.ifPresent(asked::add);
    return plan;
  }

  @Override
  public RemovalPlan plan(Pruning limits) {
    asked.add(limits);
    return plan;
  }

  @Override
  public RemovalReport apply(RemovalPlan what) {
    applied.add(what);
    return new RemovalReport(what.going(), List.of(), what.bytes());
  }
}
