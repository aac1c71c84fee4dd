package dev.larder.app;

import dev.larder.content.RepoId;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalPlan.Staying;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.VerifyTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Removals over the locations of a house. A repo is removed where it lives, unless one location is
 * named, and a limit holds for each location by itself. Each step says where it was planned, and is
 * done there and nowhere else: what another location has of the same name is another thing.
 */
record LocatedRemovals(Located located) implements Removals {
  @Override
  public RemovalPlan plan(List<VerifyTarget> targets, Optional<String> location) {
    Optional<LocationFront> only = location.map(located::named);
    List<RemovalPlan> plans = new ArrayList<>();
    for (LocationFront front : located.all()) {
      List<VerifyTarget> mine =
          targets.stream()
              .filter(target -> only.orElseGet(() -> located.placeOf(target.repo())) == front)
              .toList();
      if (!mine.isEmpty()) {
        plans.add(front.removals().plan(mine).at(front.name()));
      }
    }
    List<Staying> spares =
        only.isPresent()
            ? List.of()
            : targets.stream().map(VerifyTarget::repo).distinct().flatMap(this::spares).toList();
    plans.add(new RemovalPlan(List.of(), spares, 0));
    return together(plans);
  }

  /** Who removes a repo is to know where else it lies. */
  private Stream<Staying> spares(RepoId repo) {
    LocationFront used = located.placeOf(repo);
    return located.having(repo).stream()
        .filter(front -> front != used)
        .map(
            front ->
                new Staying(
                    "%s in the location %s".formatted(repo, front.name()),
                    "only what %s has was asked for; 'larder rm --location %s %s' removes this"
                        .formatted(used.name(), front.name(), repo)));
  }

  @Override
  public RemovalPlan plan(Pruning limits) {
    List<LocationFront> fronts =
        limits.location().map(name -> List.of(located.named(name))).orElseGet(located::all);
    return together(
        fronts.stream().map(front -> front.removals().plan(limits).at(front.name())).toList());
  }

  private static RemovalPlan together(List<RemovalPlan> plans) {
    return new RemovalPlan(
        plans.stream().flatMap(plan -> plan.going().stream()).toList(),
        plans.stream().flatMap(plan -> plan.staying().stream()).toList(),
        plans.stream().mapToLong(RemovalPlan::bytes).sum());
  }

  @Override
  public RemovalReport apply(RemovalPlan plan) {
    List<Going> gone = new ArrayList<>();
    List<Staying> stayed = new ArrayList<>();
    long bytes = 0;
    for (LocationFront front : writableFirst()) {
      List<Going> mine = plan.going().stream().filter(step -> isIn(front, step)).toList();
      if (!mine.isEmpty()) {
        RemovalReport report = apply(front, mine, gone.isEmpty());
        gone.addAll(report.gone());
        stayed.addAll(report.stayed());
        bytes += report.bytes();
      }
    }
    plan.going().stream()
        .filter(step -> located.all().stream().noneMatch(front -> isIn(front, step)))
        .forEach(step -> stayed.add(new Staying(step.subject(), whyNot(step))));
    plan.going().stream()
        .flatMap(step -> step.repo().stream())
        .distinct()
        .forEach(located::reconsider);
    return new RemovalReport(gone, stayed, bytes);
  }

  private List<LocationFront> writableFirst() {
    return located.all().stream()
        .sorted(Comparator.comparing(front -> front.rooms().readOnly().isPresent()))
        .toList();
  }

  /** What went elsewhere is reported, also when nothing can go here. */
  private static RemovalReport apply(LocationFront front, List<Going> steps, boolean first) {
    try {
      return front.removals().apply(new RemovalPlan(steps, List.of(), 0));
    } catch (StoreReadOnly reason) {
      if (first) {
        throw reason;
      }
      String why = reason.explanation().replaceFirst("\\.$", "");
      return new RemovalReport(
          List.of(), steps.stream().map(step -> new Staying(step.subject(), why)).toList(), 0);
    }
  }

  /** Where there is one location only, it is meant by a command of a version that knew no more. */
  private boolean isIn(LocationFront front, Going step) {
    return step.location().map(front.name()::equals).orElse(located.all().size() == 1);
  }

  private static String whyNot(Going step) {
    return step.location()
        .map("the location %s, for which it was planned, is not there"::formatted)
        .orElse("the plan does not say in which location it is");
  }
}
