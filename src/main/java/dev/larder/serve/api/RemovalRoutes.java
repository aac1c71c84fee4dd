package dev.larder.serve.api;

import dev.larder.http.HttpException;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.VerifyTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/store/remove} and {@code /api/store/prune}. Who may ask is judged before. A dry
 * run answers the plan; sent back as {@code plan} it is done, each step looked at again.
 */
final class RemovalRoutes {
  /** A plan may have a line for each of very many blobs. */
  static final int BODY_LIMIT = 64 << 20;

  private final Removals removals;

  RemovalRoutes(Removals removals) {
    this.removals = removals;
  }

  static boolean isOne(String rawPath) {
    return rawPath.equals("/api/store/remove") || rawPath.equals("/api/store/prune");
  }

  /** What to remove: targets as {@code org/name@revision}, or a plan that was answered before. */
  record Remove(
      List<String> targets,
      @Nullable String location,
      boolean dryRun,
      @Nullable RemovalPlan plan) {}

  /** What to prune. */
  record Prune(
      @Nullable Long olderThanSeconds,
      @Nullable Long maxSizeBytes,
      @Nullable String location,
      boolean dryRun,
      @Nullable RemovalPlan plan) {}

  /** What is answered as JSON: a plan or a report. */
  Object answer(String method, String rawPath, TokenRoutes.Body body) {
    return switch (method + " " + rawPath) {
      case "POST /api/store/remove" -> remove(body.read(Remove.class));
      case "POST /api/store/prune" -> prune(body.read(Prune.class));
      default ->
          throw new HttpException.NoSuchPath("The API has no such path, or not for this method.");
    };
  }

  private Object remove(Remove call) {
    if (call.plan() != null) {
      return removals.apply(call.plan());
    }
    if (call.targets().isEmpty()) {
      throw new HttpException.BadRequest("Name what to remove, as {\"targets\":[\"org/name\"]}.");
    }
    return done(
        removals.plan(
            call.targets().stream().map(VerifyTarget::parse).toList(),
            Optional.ofNullable(call.location())),
        call.dryRun());
  }

  private Object prune(Prune call) {
    return call.plan() != null
        ? removals.apply(call.plan())
        : done(
            removals.plan(
                new Pruning(
                    Optional.ofNullable(call.olderThanSeconds()).map(Duration::ofSeconds),
                    Optional.ofNullable(call.maxSizeBytes()),
                    Optional.ofNullable(call.location()))),
            call.dryRun());
  }

  private Object done(RemovalPlan plan, boolean dryRun) {
    return dryRun ? plan : removals.apply(plan);
  }
}
